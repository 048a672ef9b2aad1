package io.llmfleet.wire;

import io.llmfleet.model.Defaults;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one JSON codec of the wire: unknown fields are ignored, nesting is limited, nothing is ever
 * typed by its content.
 */
public final class Json {

    public static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(Defaults.MAX_JSON_DEPTH)
                                                    .build())
                                    .build())
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
                    .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                    .build();

    /** A token that is none; but not the words that JSON has, which are told as accepted. */
    private static final Pattern TOKEN =
            Pattern.compile("'(?!(?:null|true|false)')[^']*'|\".*\"", Pattern.DOTALL);

    /** What stands behind is a value as it came. */
    private static final Pattern MARK = Pattern.compile("[\"']");

    private Json() {}

    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /**
     * @throws UnreadableMessageException if the bytes are not the JSON of a {@code type}; the
     *     message holds no content
     */
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            T value = MAPPER.readValue(json, type);
            if (value == null) {
                throw new UnreadableMessageException(
                        "the body is empty, expected a " + type.getSimpleName(), null);
            }
            return value;
        } catch (JacksonException e) {
            throw new UnreadableMessageException(
                    "the body is not the JSON of a " + type.getSimpleName() + ": " + reason(e), e);
        }
    }

    /**
     * @throws UnreadableMessageException if the bytes are not JSON
     */
    public static JsonNode tree(byte[] json) {
        return read(json, JsonNode.class);
    }

    /** What was wrong and where, without the text that Jackson quotes: it may be a prompt's. */
    public static String reason(JacksonException e) {
        var at = e.getLocation();
        String message = unquoted(e, String.valueOf(e.getOriginalMessage()));
        return at == null
                ? message
                : message + " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    private static String unquoted(JacksonException e, String message) {
        if (e instanceof StreamReadException) {
            return TOKEN.matcher(message).replaceAll("'…'");
        }
        Matcher first = MARK.matcher(message);
        return first.find() ? message.substring(0, first.start()) + "…" : message;
    }
}
