package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTests {

    @TempDir Path folder;

    @Test
    void keepsAPasswordOnceMade() {
        String made = new Secrets(folder.resolve("s")).of("shop");
        assertThat(made).matches("[0-9A-Za-z]{32}");
        assertThat(new Secrets(folder.resolve("s")).of("shop")).isEqualTo(made);
        assertThat(new Secrets(folder.resolve("s")).of("till")).isNotEqualTo(made);
    }

    @Test
    void takesAGivenPasswordAndKeepsItNowhere() {
        var secrets = new Secrets(folder.resolve("s"), Map.of("shop", "given"));
        assertThat(secrets.of("shop")).isEqualTo("given");
        assertThat(folder.resolve("s")).doesNotExist();
        assertThat(secrets.of("till")).matches("[0-9A-Za-z]{32}");
    }

    @Test
    void letsNobodyElseReadIt() throws IOException {
        new Secrets(folder.resolve("s")).of("shop");
        assertThat(mode("s")).isEqualTo("rwx------");
        assertThat(mode("s/shop")).isEqualTo("rw-------");
    }

    private String mode(String path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(path)));
    }
}
