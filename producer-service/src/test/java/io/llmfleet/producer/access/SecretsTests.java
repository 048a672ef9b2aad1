package io.llmfleet.producer.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SecretsTests {

    @Test
    void secretsDifferAndHaveEnoughBits() {
        assertThat(Secrets.create()).isNotEqualTo(Secrets.create()).hasSize(6 + 32);
    }

    @Test
    void hashIsTheSameForTheSameSecretOnly() {
        assertThat(Secrets.hash("a")).isEqualTo(Secrets.hash("a")).isNotEqualTo(Secrets.hash("b"));
    }

    @Test
    void shortBootstrapKeyIsRefusedWithoutSayingIt() {
        assertThatThrownBy(() -> new AccessProperties("secret"))
                .hasMessageContaining("fleet.access.bootstrap-key")
                .hasMessageContaining("at least 20")
                .hasMessageNotContaining("secret,");
        assertThat(new AccessProperties("0123456789abcdefghij").toString())
                .doesNotContain("0123456789");
        assertThat(new AccessProperties(" ").bootstrapKey()).isNull();
    }
}
