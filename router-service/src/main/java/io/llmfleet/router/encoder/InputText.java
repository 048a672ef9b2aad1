package io.llmfleet.router.encoder;

import io.llmfleet.wire.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The start of what a task's body asks: the last message of a chat, else all texts of the input in
 * their order. Only the start of a large body is looked at, and nothing is said of one that is no
 * JSON.
 */
public final class InputText {

    /** The encoder looks at no more than 256 word pieces. */
    private static final int MOST_CHARACTERS = 1_000;

    private static final int MOST_BYTES = 256 * 1024;
    private static final String INPUT = "input";
    private static final String MESSAGES = "messages";
    private static final String CONTENT = "content";
    private static final String TEXT = "text";

    private final StringBuilder words = new StringBuilder();

    private InputText() {}

    /** Null if there is none. */
    public static @Nullable String of(byte[] body) {
        InputText text = new InputText();
        int length = Math.min(body.length, MOST_BYTES);
        try (JsonParser json = Json.MAPPER.createParser(body, 0, length)) {
            text.body(json);
        } catch (JacksonException e) {
            // What came before the cut, or before what is wrong, is a text all the same.
        }
        return text.words.isEmpty() ? null : text.words.toString();
    }

    private void body(JsonParser json) {
        json.nextToken();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean input = INPUT.equals(json.currentName());
            json.nextToken();
            if (input) {
                value(json, false);
                return;
            }
            json.skipChildren();
        }
    }

    /**
     * @param chat whether it stands in a list of messages, of which the last counts
     */
    private void value(JsonParser json, boolean chat) {
        switch (json.currentToken()) {
            case VALUE_STRING -> add(json.getString());
            case START_ARRAY -> {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    if (chat) {
                        words.setLength(0);
                    }
                    value(json, false);
                }
            }
            case START_OBJECT -> object(json);
            default -> {}
        }
    }

    private void object(JsonParser json) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (isText(name, json.currentToken())) {
                value(json, MESSAGES.equals(name));
            } else {
                json.skipChildren();
            }
        }
    }

    /** A role, a model or a language is a word of the caller's program, not of the text. */
    private static boolean isText(String name, JsonToken value) {
        return value.isStructStart()
                || name.equals(CONTENT)
                || name.equals(TEXT)
                || name.equals("question")
                || name.equals("prompt")
                || name.equals(INPUT);
    }

    private void add(String text) {
        int room = MOST_CHARACTERS - words.length();
        if (room > 0) {
            words.append(words.isEmpty() ? "" : " ");
            words.append(text, 0, Math.min(text.length(), room));
        }
    }
}
