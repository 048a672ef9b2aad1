package io.llmfleet.cli.command;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Puts what a person typed into a URL. */
final class Paths {

    private Paths() {}

    static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** With its question mark; without the empty ones. */
    static String query(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .filter(p -> !p.getValue().isEmpty())
                .map(p -> p.getKey() + "=" + part(p.getValue()))
                .collect(Collectors.joining("&", "?", ""));
    }
}
