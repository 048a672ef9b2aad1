package io.llmfleet.producer.pipeline.definition;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at an expression's text before it is ever evaluated: what it may not use, and which steps
 * it reads.
 */
final class ExpressionSource {

    /**
     * Functions that build what no bound sees ({@code pad}), run text as code ({@code eval}), or
     * have another value at each look.
     */
    private static final Pattern REFUSED =
            Pattern.compile("\\$(eval|pad|now|millis|random|shuffle)\\b");

    /** A slash where a value begins: JSONata's regular expressions, which no time limit stops. */
    private static final Pattern REGEX =
            Pattern.compile("(?:^|[^\\w)\\]}\"'`$\\s]|\\b(?:and|or|in)\\b)\\s*/");

    private static final Pattern STEP =
            Pattern.compile("\\bsteps\\s*\\.\\s*([A-Za-z_][A-Za-z0-9_]*)");

    private static final Pattern QUOTED =
            Pattern.compile(
                    "\"(?:[^\"\\\\]|\\\\.)*+\"|'(?:[^'\\\\]|\\\\.)*+'|/\\*(?:[^*]|\\*(?!/))*+\\*/");

    private ExpressionSource() {}

    /** Why it is not taken, if it is not. */
    static Optional<String> refusal(String text) {
        String code = withoutTexts(text);
        Matcher function = REFUSED.matcher(code);
        if (function.find()) {
            return Optional.of("uses " + function.group() + ", which is not offered here");
        }
        if (REGEX.matcher(code).find()) {
            return Optional.of(
                    "uses a regular expression, which is not offered here; $contains, $split and"
                            + " $replace take texts");
        }
        return Optional.empty();
    }

    /** The steps whose outputs it reads, as in {@code steps.outline}. */
    static Set<String> steps(String text) {
        Set<String> steps = new TreeSet<>();
        Matcher step = STEP.matcher(withoutTexts(text));
        while (step.find()) {
            steps.add(step.group(1));
        }
        return steps;
    }

    private static String withoutTexts(String text) {
        return QUOTED.matcher(text).replaceAll("\"\"");
    }
}
