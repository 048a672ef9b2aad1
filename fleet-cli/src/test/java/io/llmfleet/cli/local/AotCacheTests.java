package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCacheTests {

    @TempDir Path folder;
    private AotCache cache;

    @BeforeEach
    void prepare() {
        cache = new AotCache(Service.ROUTER, folder.resolve("router-service.jar"));
    }

    @Test
    void startsWithoutItWhereThereIsNone() {
        assertThat(cache.options()).isEmpty();
    }

    @Test
    void startsWithItWhereItIs() throws IOException {
        Files.createFile(cache.file());

        assertThat(cache.options()).contains("-XX:AOTCache=" + cache.file());
        assertThat(cache.make()).as("nothing to make").isEmpty();
    }

    @Test
    void liesInTheBuildsFolderAndIsAnotherOneForOtherOptions() {
        var worker = new AotCache(Service.WORKER, folder.resolve("router-service.jar"));

        assertThat(cache.file().getParent()).isEqualTo(folder);
        assertThat(worker.file()).isNotEqualTo(cache.file());
    }

    @Test
    void learnsFromAStartWithTheOptionsOfEveryStartThatConnectsToNothing() {
        List<String> command = cache.training(folder.resolve("made"));

        assertThat(command)
                .containsAll(Service.ROUTER.jvmOptions())
                .contains("-XX:AOTCacheOutput=" + folder.resolve("made"))
                .contains("-Dspring.context.exit=onRefresh")
                .contains("--spring.flyway.enabled=false");
    }

    @Test
    void saysWhyItCannotBeMadeAndLeavesNothing() {
        assertThat(cache.make()).contains("router-service.jar");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void makesNoOtherProcessOfOne() throws IOException {
        Daemon.Program before = program();

        Files.createFile(cache.file());

        assertThat(program().command()).isNotEqualTo(before.command());
        assertThat(program().fingerprint()).isEqualTo(before.fingerprint());
    }

    private Daemon.Program program() {
        List<String> command = new ArrayList<>(List.of("java"));
        command.addAll(cache.options());
        return new Daemon.Program(command, Map.of(), folder);
    }
}
