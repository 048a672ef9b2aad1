package io.llmfleet.cli.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A RabbitMQ server installed on this machine.
 *
 * @param server the script that starts a node as whoever calls it
 */
record RabbitMqInstallation(Path server, String version) {

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.\\d+\\S*");
    private static final int MIN_MAJOR = 3;
    private static final int MIN_MINOR = 10;

    /** Debian's own program in /usr/sbin changes to another user; this one does not. */
    private static final Path DEBIAN = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

    static Optional<RabbitMqInstallation> find() {
        return Stream.concat(
                        Stream.of(DEBIAN).filter(Files::isExecutable),
                        Programs.find("rabbitmq-server").stream())
                .findFirst()
                .map(s -> new RabbitMqInstallation(s, version(s)));
    }

    boolean recentEnough() {
        Matcher m = VERSION.matcher(version);
        if (!m.matches()) {
            return false;
        }
        int major = Integer.parseInt(m.group(1));
        return major > MIN_MAJOR || major == MIN_MAJOR && Integer.parseInt(m.group(2)) >= MIN_MINOR;
    }

    private static String version(Path server) {
        Path control = server.resolveSibling("rabbitmqctl");
        var output =
                Programs.run(
                        Duration.ofSeconds(30),
                        java.util.Map.of(),
                        List.of(control.toString(), "version"));
        return output.text()
                .lines()
                .map(String::strip)
                .filter(l -> VERSION.matcher(l).matches())
                .findFirst()
                .orElse("unknown");
    }
}
