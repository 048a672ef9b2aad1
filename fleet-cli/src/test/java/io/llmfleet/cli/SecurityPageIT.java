package io.llmfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.wire.BrokerTrust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/security.md tells people to do can be done. */
class SecurityPageIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path PAGE = ROOT.resolve("docs/security.md");

    private static final String VERIFY = "openssl verify -CAfile certs/ca.pem -verify_hostname ";
    private static final String LEAF = " certs/rabbitmq.pem";

    @TempDir Path folder;

    @Test
    void makesCertificatesThatTheAuthorityVerifies() throws Exception {
        String command = found("(deploy/tls/make-dev-ca\\.sh certs .+)").getFirst();

        assertThat(run(ROOT + "/" + command)).isZero();

        String host = command.replaceFirst(".*=([^,]+).*", "$1");
        assertThat(run(VERIFY + host + LEAF)).isZero();
        assertThat(run(VERIFY + "other.example" + LEAF)).isNotZero();
        String authority = found("export " + BrokerTrust.VARIABLE + "=(\\S+)").getFirst();
        assertThat(BrokerTrust.read(folder.resolve(authority).toString()).authorities())
                .isNotNull();
    }

    private int run(String command) throws Exception {
        Process process =
                new ProcessBuilder("sh", "-c", command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("said").toFile())
                        .start();
        return process.waitFor();
    }

    static List<String> links() throws IOException {
        return found("\\]\\(([^)#:]+)\\)");
    }

    @ParameterizedTest
    @MethodSource("links")
    void linksToWhatIsThere(String link) {
        assertThat(PAGE.resolveSibling(link)).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"20-fleet.conf", "30-tls.conf", "advanced.config"})
    void namesTheBrokersFiles(String file) throws IOException {
        assertThat(Files.readString(PAGE)).contains("`" + file + "`");
        assertThat(ROOT.resolve("deploy/rabbitmq").resolve(file)).exists();
    }

    private static List<String> found(String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
