package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service starts with a cache that the JDK does not take as it does without one. */
class AotCacheIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir Path folder;
    private AotCache cache;

    @BeforeEach
    void extract() {
        // A folder of its own: what is done to the cache here is done to no other fleet.
        Path jar = new Applications(ROOT, folder).extracted(Service.ROUTER);
        cache = new AotCache(Service.ROUTER, jar);
    }

    @Test
    void startsWithoutOneAndWithOneThatIsBrokenAndSaysNothingOfIt() throws IOException {
        assertThat(start()).isEqualTo(new Programs.Output(0, ""));

        Files.writeString(cache.file(), "no cache");

        assertThat(start()).isEqualTo(new Programs.Output(0, ""));
    }

    /** Up to where a start would need a broker, and silent but for errors. */
    private Programs.Output start() {
        List<String> command = new ArrayList<>(cache.training(cache.file()));
        int training = command.indexOf("-XX:AOTCacheOutput=" + cache.file());
        command.remove(training);
        command.addAll(training, cache.options());
        command.add("--logging.level.root=error");
        return Programs.run(Duration.ofMinutes(5), Map.of(), command);
    }
}
