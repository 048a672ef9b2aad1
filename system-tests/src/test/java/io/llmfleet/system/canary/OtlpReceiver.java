package io.llmfleet.system.canary;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * A collector that keeps every request as it came, and reads the spans in it (OTLP 1, protobuf).
 */
final class OtlpReceiver implements AutoCloseable {

    private final HttpServer server;
    private final List<byte[]> requests = new CopyOnWriteArrayList<>();
    private final List<Span> spans = new CopyOnWriteArrayList<>();

    /** Ids are in hexadecimal digits; attributes that are no strings are left out. */
    record Span(
            String service,
            String traceId,
            String spanId,
            String parentId,
            String name,
            Map<String, String> attributes) {}

    OtlpReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<byte[]> requests() {
        return requests;
    }

    List<Span> trace(String traceId) {
        return spans.stream().filter(s -> s.traceId().equals(traceId)).toList();
    }

    /** Of the spans that say that they are about this task. */
    List<String> namesOf(UUID task) {
        return spans.stream()
                .filter(s -> task.toString().equals(s.attributes().get("llmfleet.task.id")))
                .map(Span::name)
                .toList();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            requests.add(body);
            new Protobuf(body).messages(1).forEach(this::resource);
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private void resource(Protobuf resourceSpans) {
        Map<String, String> resource = new HashMap<>();
        resourceSpans.messages(1).forEach(r -> resource.putAll(attributes(r.messages(1))));
        for (Protobuf scope : resourceSpans.messages(2)) {
            for (Protobuf span : scope.messages(2)) {
                spans.add(
                        new Span(
                                resource.getOrDefault("service.name", ""),
                                hex(span, 1),
                                hex(span, 2),
                                hex(span, 4),
                                span.text(5),
                                attributes(span.messages(9))));
            }
        }
    }

    private static String hex(Protobuf span, int field) {
        return span.bytes(field).stream().map(HexFormat.of()::formatHex).findFirst().orElse("");
    }

    private static Map<String, String> attributes(List<Protobuf> keyValues) {
        Map<String, String> all = new HashMap<>();
        for (Protobuf keyValue : keyValues) {
            keyValue.messages(2).forEach(value -> all.put(keyValue.text(1), value.text(1)));
        }
        return all;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** The length-delimited fields of a message. */
    private static final class Protobuf {

        private final Map<Integer, List<byte[]>> fields = new HashMap<>();
        private final byte[] message;
        private int at;

        Protobuf(byte[] message) {
            this.message = message;
            while (at < message.length) {
                long tag = varint();
                switch ((int) (tag & 7)) {
                    case 0 -> varint();
                    case 1 -> at += 8;
                    case 2 -> add((int) (tag >>> 3), (int) varint());
                    case 5 -> at += 4;
                    default -> throw new IllegalArgumentException("no protobuf");
                }
            }
        }

        private void add(int field, int length) {
            byte[] value = java.util.Arrays.copyOfRange(message, at, at + length);
            fields.computeIfAbsent(field, f -> new ArrayList<>()).add(value);
            at += length;
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = message[at++];
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        List<byte[]> bytes(int field) {
            return fields.getOrDefault(field, List.of());
        }

        List<Protobuf> messages(int field) {
            return bytes(field).stream().map(Protobuf::new).toList();
        }

        String text(int field) {
            return bytes(field).stream()
                    .map(b -> new String(b, java.nio.charset.StandardCharsets.UTF_8))
                    .findFirst()
                    .orElse("");
        }
    }
}
