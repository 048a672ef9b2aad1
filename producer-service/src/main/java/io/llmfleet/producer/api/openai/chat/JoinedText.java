package io.llmfleet.producer.api.openai.chat;

import java.util.Optional;

/**
 * One text out of several attempts, for a reader from whom nothing can be taken back: a further
 * attempt may only go on with what was said, if it begins with the same words.
 */
final class JoinedText {

    private final StringBuilder said = new StringBuilder();
    private final StringBuilder attempt = new StringBuilder();

    /**
     * The attempt goes on.
     *
     * @return what the reader does not know yet; empty if the attempt says something else than what
     *     the reader knows
     */
    Optional<String> add(String piece) {
        attempt.append(piece);
        return tell(attempt);
    }

    /** Another attempt begins. */
    void startAnew() {
        attempt.setLength(0);
    }

    /**
     * The text is whole.
     *
     * @return what the reader does not know yet; empty if it is not what the reader was told
     */
    Optional<String> end(String whole) {
        return said.length() <= whole.length() ? tell(new StringBuilder(whole)) : Optional.empty();
    }

    private Optional<String> tell(StringBuilder text) {
        int common = Math.min(text.length(), said.length());
        if (CharSequence.compare(text.subSequence(0, common), said.subSequence(0, common)) != 0) {
            return Optional.empty();
        }
        String more = text.substring(common);
        said.append(more);
        return Optional.of(more);
    }
}
