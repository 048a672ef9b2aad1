package io.llmfleet.producer.pipeline.definition;

import java.util.ArrayList;
import java.util.List;

/** Finds the expressions in a text. */
final class TextParts {

    sealed interface Part {
        String text();
    }

    record Literal(String text) implements Part {}

    /** What stands between <code>${</code> and its brace. */
    record Code(String text) implements Part {}

    private final String text;
    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private int at;

    private TextParts(String text) {
        this.text = text;
    }

    /**
     * @throws ExpressionException if a brace is never closed
     */
    static List<Part> of(String text) {
        return new TextParts(text).read();
    }

    private List<Part> read() {
        while (at < text.length()) {
            if (text.startsWith("$${", at)) {
                literal.append("${");
                at += 3;
            } else if (text.startsWith("${", at)) {
                flush();
                int end = end(at + 2);
                parts.add(new Code(text.substring(at + 2, end).strip()));
                at = end + 1;
            } else {
                literal.append(text.charAt(at++));
            }
        }
        flush();
        return parts;
    }

    private void flush() {
        if (!literal.isEmpty()) {
            parts.add(new Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    /** Where the brace is that closes; those of objects and in texts do not. */
    private int end(int from) {
        int open = 0;
        char quote = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                i += c == '\\' ? 1 : 0;
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'' || c == '`') {
                quote = c;
            } else if (c == '{') {
                open++;
            } else if (c == '}' && --open < 0) {
                return i;
            }
        }
        throw new ExpressionException("has a ${ without its }");
    }
}
