package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortsTests {

    @Test
    void givesPortsThatNoOutgoingConnectionTakes() {
        for (int i = 0; i < 100; i++) {
            assertThat(Ports.any()).isBetween(18_000, 32_767);
        }
    }

    @Test
    void givesNoPortTwice() {
        Set<Integer> given = new HashSet<>();

        for (int i = 0; i < 500; i++) {
            assertThat(given.add(Ports.any())).isTrue();
        }
    }
}
