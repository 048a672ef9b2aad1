package io.llmfleet.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a service tells Prometheus at one moment. */
public final class Scrape {

    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final List<String> lines;

    private Scrape(String text) {
        this.lines = text.lines().toList();
    }

    /**
     * @param base of the service, without a path
     */
    public static Scrape of(String base) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + "/actuator/prometheus")).build();
        try {
            return new Scrape(HTTP.send(request, BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The description of a meter; empty if it is not told. */
    public String help(String name) {
        String start = "# HELP " + name + " ";
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst()
                .orElse("");
    }

    /**
     * Adds up the samples of a name that have all these labels.
     *
     * @param labels as they are written: {@code key="value"}
     */
    public double sum(String name, String... labels) {
        return samples(name, labels).mapToDouble(s -> Double.parseDouble(s.group(3))).sum();
    }

    private Stream<Matcher> samples(String name, String... labels) {
        return lines.stream()
                .map(SAMPLE::matcher)
                .filter(Matcher::matches)
                .filter(s -> s.group(1).equals(name))
                .filter(
                        s ->
                                Stream.of(labels)
                                        .allMatch(
                                                label ->
                                                        s.group(2) != null
                                                                && s.group(2).contains(label)));
    }
}
