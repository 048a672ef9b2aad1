package io.llmfleet.producer.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NdjsonLinesTests {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "a,          1=a",
                "a|,         1=a",
                "a|b,        1=a 2=b",
                "a||b|,      1=a 3=b",
                "|| |a,      4=a",
                "a~|b~|,     1=a 2=b",
            })
    void linesKeepTheirNumbersAndBlankOnesAreSkipped(String input, String expected)
            throws IOException {
        String text = input.replace('|', '\n').replace('~', '\r');

        assertThat(read(text, 100)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"'',''", "'\n\n ',''"})
    void nothingHasNoLines(String text, String expected) throws IOException {
        assertThat(read(text, 100)).isEqualTo(expected);
    }

    @Test
    void lineThatIsTooLongIsCutOutAndTheNextIsRead() throws IOException {
        String tooLong = "x".repeat(200_000);

        assertThat(read("a\n" + tooLong + "\nb\n" + tooLong, 100))
                .isEqualTo("1=a 2=too long 3=b 4=too long");
    }

    @Test
    void whoGoesOnWhereALineBeginsReadsTheRestWithTheSameNumbers() throws IOException {
        byte[] text = "a\n\nbb\nc".getBytes(StandardCharsets.UTF_8);
        NdjsonLines first = new NdjsonLines(new ByteArrayInputStream(text), 100);
        first.next();
        first.next();
        int at = (int) first.position();

        NdjsonLines rest =
                new NdjsonLines(
                        new ByteArrayInputStream(text, at, text.length - at),
                        100,
                        first.nextNumber(),
                        at);

        assertThat(at).isEqualTo(6);
        assertThat(rest.next()).extracting(NdjsonLines.Line::number).isEqualTo(4);
        assertThat(rest.position()).isEqualTo(text.length);
    }

    @Test
    void lineOfTheLongestLengthIsRead() throws IOException {
        assertThat(read("x".repeat(100) + "\n" + "y".repeat(101), 100))
                .isEqualTo("1=" + "x".repeat(100) + " 2=too long");
    }

    @Test
    void linesMayComeInSmallPieces() throws IOException {
        InputStream slow =
                new ByteArrayInputStream("ab\ncd".getBytes(StandardCharsets.UTF_8)) {
                    @Override
                    public synchronized int read(byte[] b, int off, int len) {
                        return super.read(b, off, Math.min(len, 1));
                    }
                };

        assertThat(read(slow, 100)).isEqualTo("1=ab 2=cd");
    }

    private static String read(String text, int longest) throws IOException {
        return read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), longest);
    }

    private static String read(InputStream in, int longest) throws IOException {
        NdjsonLines lines = new NdjsonLines(in, longest);
        List<String> all = new ArrayList<>();
        for (NdjsonLines.Line line = lines.next(); line != null; line = lines.next()) {
            byte[] json = line.json();
            String text =
                    json == null ? "too long" : new String(json, StandardCharsets.UTF_8).strip();
            all.add(line.number() + "=" + text);
        }
        return String.join(" ", all);
    }
}
