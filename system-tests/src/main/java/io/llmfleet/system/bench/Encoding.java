package io.llmfleet.system.bench;

import com.github.luben.zstd.Zstd;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.WireBody;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.cbor.CBORMapper;
import tools.jackson.dataformat.smile.SmileMapper;

/** A way for a body to travel: from its tree to bytes and back. */
interface Encoding {

    String name();

    byte[] encode(JsonNode body);

    JsonNode decode(byte[] bytes);

    /** What the wire has, and what it might have. */
    static List<Encoding> all() {
        return List.of(
                new Mapped("JSON", Json.MAPPER),
                new Mapped("CBOR", new CBORMapper()),
                new Mapped("Smile", new SmileMapper()),
                new Zstandard(1),
                new Zstandard(3),
                new Zstandard(6),
                new Zstandard(9),
                new Deflate(6));
    }

    /** Of one of Jackson's formats. */
    record Mapped(String name, ObjectMapper mapper) implements Encoding {

        @Override
        public byte[] encode(JsonNode body) {
            return mapper.writeValueAsBytes(body);
        }

        @Override
        public JsonNode decode(byte[] bytes) {
            return mapper.readTree(bytes);
        }
    }

    /** JSON, compressed; read as the services read it. */
    record Zstandard(int level) implements Encoding {

        @Override
        public String name() {
            return "JSON, zstd " + level;
        }

        @Override
        public byte[] encode(JsonNode body) {
            return Zstd.compress(Json.bytes(body), level);
        }

        @Override
        public JsonNode decode(byte[] bytes) {
            return Json.tree(new WireBody(bytes, "zstd").decoded());
        }
    }

    /** JSON, compressed as HTTP's {@code deflate}. */
    record Deflate(int level) implements Encoding {

        @Override
        public String name() {
            return "JSON, deflate " + level;
        }

        @Override
        public byte[] encode(JsonNode body) {
            Deflater deflater = new Deflater(level);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
                out.write(Json.bytes(body));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                deflater.end();
            }
            return bytes.toByteArray();
        }

        @Override
        public JsonNode decode(byte[] bytes) {
            try (var in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
                return Json.tree(in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
