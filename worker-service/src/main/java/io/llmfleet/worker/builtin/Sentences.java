package io.llmfleet.worker.builtin;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Cuts texts into sentences and key-phrase candidates. */
final class Sentences {

    private static final int LONGEST_PHRASE = 3;
    private static final Set<String> STOP_WORDS =
            Set.of(
                    ("a about above after again all also an and any are as at be because been before being below between"
                                    + " both but by can could did do does each every few for from further had has have"
                                    + " having he her here hers him his how i if in into is it its itself just may me"
                                    + " might more most must my no nor not now of off on once one only or other our out"
                                    + " over own same shall she should so some such than that the their them then there"
                                    + " these they this those through to too under until up us very was we were what"
                                    + " when where which while who whom why will with within without would you your")
                            .split(" "));

    private Sentences() {}

    /**
     * The sentences of a text in their order; line breaks end a sentence where a blank line
     * follows.
     */
    static List<String> of(String text) {
        List<String> sentences = new ArrayList<>();
        for (String paragraph : text.split("\\R\\s*\\R")) {
            BreakIterator boundaries = BreakIterator.getSentenceInstance(Locale.ROOT);
            boundaries.setText(paragraph);
            int start = boundaries.first();
            for (int end = boundaries.next();
                    end != BreakIterator.DONE;
                    start = end, end = boundaries.next()) {
                String sentence = paragraph.substring(start, end).strip().replaceAll("\\s+", " ");
                if (!sentence.isEmpty()) {
                    sentences.add(sentence);
                }
            }
        }
        return sentences;
    }

    /**
     * Runs of one to three words that neither begin nor end with a stop word and cross no
     * punctuation.
     */
    static List<String> phrases(String text) {
        Set<String> phrases = new LinkedHashSet<>();
        for (String run : text.split("[^\\p{L}\\p{N}\\s'’-]+")) {
            String[] words = run.strip().split("\\s+");
            for (int start = 0; start < words.length; start++) {
                for (int length = 1;
                        length <= LONGEST_PHRASE && start + length <= words.length;
                        length++) {
                    if (isContent(words[start]) && isContent(words[start + length - 1])) {
                        phrases.add(
                                String.join(" ", List.of(words).subList(start, start + length))
                                        .toLowerCase(Locale.ROOT));
                    }
                }
            }
        }
        return List.copyOf(phrases);
    }

    private static boolean isContent(String word) {
        return word.length() > 2
                && Character.isLetter(word.charAt(0))
                && !STOP_WORDS.contains(word.toLowerCase(Locale.ROOT));
    }
}
