package io.llmfleet.system.bench;

import io.llmfleet.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * The encodings of a body side by side, on chats of several sizes.
 *
 * @param machine by its cores
 */
record EncodingComparison(String machine, List<Result> results) {

    /** Bytes of a chat's text. */
    private static final List<Integer> SIZES = List.of(512, 1_024, 4_096, 16_384, 65_536);

    /**
     * @param bytes of the body as it travels
     * @param encodeMicros mean of one core, from the tree of the body to bytes
     * @param decodeMicros and back
     */
    record Result(
            int textBytes, String encoding, int bytes, double encodeMicros, double decodeMicros) {}

    /**
     * @param prose what people might write to a model; repeated where it is too short
     * @param each for each figure, half of it to warm up
     */
    static EncodingComparison run(String prose, Duration each) {
        measure(prose, each.dividedBy(4)); // what is measured first would be compiled the least
        return new EncodingComparison(
                Runtime.getRuntime().availableProcessors() + " cores", measure(prose, each));
    }

    private static List<Result> measure(String prose, Duration each) {
        List<Result> results = new ArrayList<>();
        for (int size : SIZES) {
            ObjectNode body = chat(prose, size);
            for (Encoding encoding : Encoding.all()) {
                byte[] bytes = encoding.encode(body);
                results.add(
                        new Result(
                                size,
                                encoding.name(),
                                bytes.length,
                                micros(() -> encoding.encode(body).length, each),
                                micros(() -> encoding.decode(bytes).size(), each)));
            }
        }
        return results;
    }

    /** A task's body as the wire has it. */
    private static ObjectNode chat(String prose, int size) {
        String text = prose.repeat(size / prose.length() + 1).substring(0, size);
        ObjectNode body = Json.MAPPER.createObjectNode();
        ObjectNode input = body.putObject("input");
        var messages = input.putArray("messages");
        messages.addObject()
                .put("role", "system")
                .put("content", "You answer in one short paragraph.");
        messages.addObject().put("role", "user").put("content", text);
        body.putObject("parameters").put("temperature", 0.2).put("max_tokens", 400);
        return body;
    }

    /** Measures work whose outcome it looks at, so that none of it can be left out. */
    private static double micros(IntSupplier work, Duration time) {
        repeat(work, time.dividedBy(2));
        long start = System.nanoTime();
        long rounds = repeat(work, time.dividedBy(2));
        return (System.nanoTime() - start) / 1e3 / rounds;
    }

    private static long repeat(IntSupplier work, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        long rounds = 0;
        while (System.nanoTime() - end < 0) {
            if (work.getAsInt() <= 0) {
                throw new IllegalStateException("an encoding made nothing of a body");
            }
            rounds++;
        }
        return rounds;
    }

    /** As a table in Markdown. */
    String table() {
        StringBuilder text = new StringBuilder();
        text.append("| text | encoding | bytes | of JSON | encode | decode |\n");
        text.append("|---:|---|---:|---:|---:|---:|\n");
        int json = 0;
        for (Result r : results) {
            json = r.encoding().equals("JSON") ? r.bytes() : json;
            text.append(
                    String.format(
                            Locale.ROOT,
                            "| %,d B | %s | %,d | %.0f %% | %.1f µs | %.1f µs |%n",
                            r.textBytes(),
                            r.encoding(),
                            r.bytes(),
                            100.0 * r.bytes() / json,
                            r.encodeMicros(),
                            r.decodeMicros()));
        }
        return text.toString().stripTrailing();
    }
}
