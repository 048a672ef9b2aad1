package io.llmfleet.cli.local;

import io.llmfleet.wire.BrokerUser;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The services of a fleet, and what a process of each is given. */
public enum Service {
    PRODUCER(8080, 384, BrokerUser.PRODUCER),
    ROUTER(8081, 192, BrokerUser.ROUTER),
    WORKER(8082, 384, BrokerUser.WORKER);

    private final int port;
    private final int heapMegabytes;
    private final String brokerUser;

    Service(int port, int heapMegabytes, String brokerUser) {
        this.port = port;
        this.heapMegabytes = heapMegabytes;
        this.brokerUser = brokerUser;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    int port() {
        return port;
    }

    String brokerUser() {
        return brokerUser;
    }

    /** Where the build puts the jar, from the project's root. */
    Path jar() {
        String module = word() + "-service";
        return Path.of(module, "target", module + ".jar");
    }

    /** Small at rest: the whole fleet shares a machine with whoever tries it. */
    List<String> jvmOptions() {
        return List.of(
                "-XX:+UseSerialGC",
                "-Xms32m",
                "-Xmx" + heapMegabytes + "m",
                "-Xss512k",
                "-XX:MinHeapFreeRatio=10",
                "-XX:MaxHeapFreeRatio=30",
                "-XX:ReservedCodeCacheSize=96m",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-Dfile.encoding=UTF-8",
                "-Duser.timezone=UTC");
    }
}
