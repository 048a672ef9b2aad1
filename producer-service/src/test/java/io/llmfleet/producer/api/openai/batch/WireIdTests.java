package io.llmfleet.producer.api.openai.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireIdTests {

    @Test
    void anIdIsReadAsItWasWritten() {
        UUID id = UUID.fromString("f1a2106e-ed08-73e5-a38d-8ee980d11d5d");

        assertThat(WireId.FILE.of(id)).isEqualTo("file-f1a2106eed0873e5a38d8ee980d11d5d");
        assertThat(WireId.FILE.read(WireId.FILE.of(id))).contains(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "file-",
                "batch_f1a2106eed0873e5a38d8ee980d11d5d",
                "file-f1a2106e-ed08-73e5-a38d-8ee980d11d5d",
                "file-F1A2106EED0873E5A38D8EE980D11D5D",
                "file-f1a2106eed0873e5a38d8ee980d11d5d0",
            })
    void anotherTextIsNoId(String text) {
        assertThat(WireId.FILE.read(text)).isEmpty();
    }
}
