package io.llmfleet.type;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressions;
import java.util.regex.Pattern;

/**
 * A pattern of somebody's schema: one that goes back and forth for ever on some text ends with an
 * error after so many steps, instead of keeping a thread.
 */
final class BoundedPattern implements RegularExpression {

    private static final int STEPS = 50_000_000;

    /** Of the check that the thread is at. */
    private static final ThreadLocal<int[]> LEFT = ThreadLocal.withInitial(() -> new int[1]);

    private final Pattern pattern;

    BoundedPattern(String regex) {
        String anchored = RegularExpressions.replaceDollarAnchors(regex);
        pattern = Pattern.compile(RegularExpressions.replaceLongformCharacterProperties(anchored));
    }

    /** Thrown out of a match that takes too long. */
    static final class TooLongException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private TooLongException(Pattern pattern) {
            super("the pattern " + pattern + " takes too long");
        }
    }

    /** Begins a check: all of its matches together have so many steps. */
    static void begin() {
        LEFT.get()[0] = STEPS;
    }

    @Override
    public boolean matches(String value) {
        return pattern.matcher(new Counted(value)).find();
    }

    /** Counts how often it is looked at, as the matcher does at each step. */
    private final class Counted implements CharSequence {

        private final String text;
        private final int[] left = LEFT.get();

        private Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (--left[0] < 0) {
                throw new TooLongException(pattern);
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
