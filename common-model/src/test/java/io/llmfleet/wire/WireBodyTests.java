package io.llmfleet.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is compressed comes out the same, and nothing comes out that is larger than allowed. */
class WireBodyTests {

    private static final int LIMIT = 10_000;

    private final BodyEncoder encoder = new BodyEncoder(1024);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1024, 1025, 5_000, 1_000_000})
    void givesBackWhatWasEncoded(int size) {
        byte[] json = text(size);

        WireBody body = encoder.encode(json);

        assertThat(body.decoded()).isEqualTo(json);
        assertThat(body.size()).isEqualTo(size);
        assertThat(body.encoding()).isEqualTo(size > 1024 ? "zstd" : null);
        assertThat(body.bytes().length).isLessThanOrEqualTo(size);
    }

    @Test
    void leavesWhatDoesNotGetSmaller() {
        byte[] noise = new byte[5_000];
        new Random(1).nextBytes(noise);

        assertThat(encoder.encode(noise).encoding()).isNull();
    }

    @Test
    void plainEncoderLeavesAllAsItIs() {
        byte[] json = text(100_000);

        WireBody body = BodyEncoder.plain().encode(json);

        assertThat(body.encoding()).isNull();
        assertThat(body.bytes()).isSameAs(json);
    }

    @Test
    void refusesABombThatSaysItsSize() {
        byte[] bomb = Zstd.compress(new byte[100_000_000], 3);

        assertThatThrownBy(() -> new WireBody(bomb, "zstd").decoded(LIMIT))
                .isInstanceOf(UnreadableMessageException.class)
                .hasMessageContaining("more than 10000 bytes");
        assertThat(bomb.length).isLessThan(LIMIT);
    }

    @Test
    void refusesABombThatDoesNotSayItsSize() throws IOException {
        byte[] bomb = streamed(new byte[20_000_000]);

        assertThatThrownBy(() -> new WireBody(bomb, "zstd").decoded(LIMIT))
                .isInstanceOf(UnreadableMessageException.class)
                .hasMessageContaining("more than 10000 bytes");
    }

    @Test
    void refusesABombOfManyFrames() throws IOException {
        byte[] frame = Zstd.compress(new byte[LIMIT], 3);
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < 1_000; i++) {
            frames.write(frame);
        }

        assertThatThrownBy(() -> new WireBody(frames.toByteArray(), "zstd").decoded(LIMIT))
                .isInstanceOf(UnreadableMessageException.class);
    }

    @Test
    void readsWhatExactlyFits() throws IOException {
        byte[] json = text(LIMIT);

        assertThat(new WireBody(streamed(json), "zstd").decoded(LIMIT)).isEqualTo(json);
    }

    @Test
    void refusesAWindowThatWouldTakeMuchMemory() {
        byte[] wide = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x00, (byte) 0xA8, 0x01, 0x00, 0x00};

        assertThatThrownBy(() -> new WireBody(wide, "zstd").decoded())
                .isInstanceOf(UnreadableMessageException.class);
    }

    @Test
    void refusesWhatIsDamagedOrCutOff() {
        byte[] whole = encoder.encode(text(5_000)).bytes();
        byte[] cut = Arrays.copyOf(whole, whole.length / 2);

        for (byte[] wrong : new byte[][] {cut, text(50)}) {
            assertThatThrownBy(() -> new WireBody(wrong, "zstd").decoded())
                    .isInstanceOf(UnreadableMessageException.class)
                    .hasMessage("the body is not what zstd makes");
        }
    }

    /** Kombu, for one, says {@code utf-8} with every JSON. */
    @Test
    void takesWhatHasAnotherEncodingAsItIs() {
        byte[] json = text(50);

        assertThat(new WireBody(json, "utf-8").decoded()).isSameAs(json);
    }

    @Test
    void showsPeopleTheJsonOrElseWhatCame() {
        byte[] json = text(5_000);
        byte[] broken = text(50);

        assertThat(encoder.encode(json).readable()).isEqualTo(json);
        assertThat(new WireBody(broken, "zstd").readable()).isSameAs(broken);
    }

    private static byte[] text(int size) {
        String words = "{\"text\": \"A queue keeps messages until they are read.\"} ";
        return words.repeat(size / words.length() + 1)
                .substring(0, size)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] streamed(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZstdOutputStream zstd = new ZstdOutputStream(out)) {
            zstd.write(plain);
        }
        return out.toByteArray();
    }
}
