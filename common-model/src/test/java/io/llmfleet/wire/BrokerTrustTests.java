package io.llmfleet.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerTrustTests {

    private static final String AUTHORITY =
            """
            What comes before it is passed over.
            -----BEGIN CERTIFICATE-----
            MIIBdjCCARugAwIBAgIUT6AMaAPH99REqiIOY/AlnoLSeIswCgYIKoZIzj0EAwIw
            DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjUwNTMzMzBaGA8yMTI2MTEwMTA1MzMz
            MFowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDK0
            QDYvf0h7L8NM3TJNXWQwzkA65AgE/a08ke3lso1ifGxdCMcPTpAe4jp182E4UmCB
            M/lDe8oJC7b5eP7RYuujUzBRMB0GA1UdDgQWBBTfdr5AW9bb6CC/Jf7hBmbjrOiN
            4DAfBgNVHSMEGDAWgBTfdr5AW9bb6CC/Jf7hBmbjrOiN4DAPBgNVHRMBAf8EBTAD
            AQH/MAoGCCqGSM49BAMCA0kAMEYCIQDxSz8DU1BWdYwx0H/VI2vlD59SrWajgZkH
            hpWA6BxtVwIhAIhqUbe0Z3xbOz+uy3RKyzmzI4g4ZYHXtX3FlB/La0ch
            -----END CERTIFICATE-----
            """;

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void isInTheAuthoritiesOfTheJdkWhereNothingIsGiven(String file) {
        BrokerTrust trust = BrokerTrust.read(file);
        assertThat(trust).isEqualTo(BrokerTrust.OF_JDK);
        assertThat(trust.context()).isNotNull();
    }

    @Test
    void isInEveryAuthorityOfTheFile() throws Exception {
        BrokerTrust trust = BrokerTrust.read(file(AUTHORITY + AUTHORITY));
        assertThat(trust.authorities().size()).isEqualTo(2);
        assertThat(trust.context()).isNotNull();
    }

    @Test
    void saysWhichFileIsNotThere() {
        String missing = folder.resolve("missing.pem").toString();
        assertThatThrownBy(() -> BrokerTrust.read(missing))
                .hasMessageContaining("FLEET_BROKER_CA is '" + missing + "': there is no such file")
                .hasMessageContaining("accepted: a PEM file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not a certificate",
                "-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n",
                "-----BEGIN CERTIFICATE-----\nMIGH\n-----END CERTIFICATE-----\n"
            })
    void saysThatAFileHasNoCertificate(String content) throws Exception {
        String file = file(content);
        assertThatThrownBy(() -> BrokerTrust.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FLEET_BROKER_CA is '" + file + "': it ")
                .hasMessageContaining("certificate");
    }

    @Test
    void saysThatAFolderCannotBeRead() {
        assertThatThrownBy(() -> BrokerTrust.read(folder.toString()))
                .hasMessageContaining("it cannot be read");
    }

    @Test
    void refusesAnAuthorityForPlainText() throws Exception {
        BrokerTrust trust = BrokerTrust.read(file(AUTHORITY));
        assertThatThrownBy(() -> trust.requireUseBy(false, "RABBITMQ_URI"))
                .hasMessageContaining("RABBITMQ_URI is amqp://, which is not encrypted");
        assertThatCode(() -> trust.requireUseBy(true, "RABBITMQ_URI")).doesNotThrowAnyException();
        assertThatCode(() -> BrokerTrust.OF_JDK.requireUseBy(false, "RABBITMQ_URI"))
                .doesNotThrowAnyException();
    }

    @Test
    void tellsWhatIsWrongWithACertificate() {
        var unknown = new SSLHandshakeException("(certificate_unknown)");
        unknown.initCause(new CertificateException("path", new CertPathBuilderException("none")));
        var wrongName = new SSLHandshakeException("(certificate_unknown)");
        wrongName.initCause(
                new CertificateException("No subject alternative DNS name matching broker found."));

        assertThat(BrokerTrust.problem(unknown))
                .hasValueSatisfying(p -> assertThat(p).contains("FLEET_BROKER_CA"));
        var expired = new SSLHandshakeException("(certificate_expired)");
        expired.initCause(
                new CertPathValidatorException(
                        "path", new CertificateExpiredException("NotAfter: yesterday")));
        assertThat(BrokerTrust.problem(expired))
                .hasValueSatisfying(p -> assertThat(p).contains("does not hold now", "NotAfter"));
        assertThat(BrokerTrust.problem(new RuntimeException(wrongName)))
                .hasValueSatisfying(p -> assertThat(p).contains("not for this host", "broker"));
        assertThat(BrokerTrust.problem(new SSLException("Unsupported or unrecognized SSL message")))
                .hasValue("it does not speak TLS on this port");
        assertThat(BrokerTrust.problem(new java.io.IOException("reset"))).isEmpty();
    }

    private String file(String content) throws Exception {
        return Files.writeString(folder.resolve("ca.pem"), content).toString();
    }
}
