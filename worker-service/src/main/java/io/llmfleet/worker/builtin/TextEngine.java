package io.llmfleet.worker.builtin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a text what a task asks for, by the meaning of its sentences. It never writes a sentence
 * of its own.
 */
final class TextEngine {

    /**
     * Sharpens cosine similarities, which lie close together, into scores that tell labels apart.
     */
    private static final double LABEL_TEMPERATURE = 0.05;

    private static final double SUMMARY_LAMBDA = 0.7;
    private static final double PHRASE_LAMBDA = 0.6;
    private static final int MOST_SENTENCES = 2_000;

    private final Encoder encoder;

    /** A label and how well it fits, from 0 to 1. */
    record Scored(String text, double score) {}

    /**
     * A sentence, how well it answers (cosine, -1 to 1), and which text it is from, counted from 0.
     */
    record Passage(String text, double score, int source) {}

    TextEngine(Encoder encoder) {
        this.encoder = encoder;
    }

    List<float[]> embed(List<String> texts) {
        return encoder.encode(texts);
    }

    /**
     * @param descriptions what each label means, in words
     * @return all labels, best first; the scores add up to 1
     */
    List<Scored> classify(String text, List<String> labels, List<String> descriptions) {
        float[] meaning = encoder.encode(text);
        List<float[]> meanings = encoder.encode(descriptions);
        double[] similarities =
                meanings.stream().mapToDouble(m -> Vectors.similarity(meaning, m)).toArray();
        double[] scores = Vectors.softmax(similarities, LABEL_TEMPERATURE);
        return IntStream.range(0, labels.size())
                .mapToObj(i -> new Scored(labels.get(i), scores[i]))
                .sorted(Comparator.comparingDouble(Scored::score).reversed())
                .toList();
    }

    /** The sentences of the texts that are nearest to a question, best first. */
    List<Passage> answer(String question, List<String> texts, int count) {
        List<Passage> sentences = new ArrayList<>();
        for (int source = 0; source < texts.size(); source++) {
            for (String sentence : Sentences.of(texts.get(source))) {
                sentences.add(new Passage(sentence, 0, source));
            }
        }
        List<Passage> looked = sentences.subList(0, Math.min(MOST_SENTENCES, sentences.size()));
        float[] meaning = encoder.encode(question);
        List<float[]> meanings = encoder.encode(looked.stream().map(Passage::text).toList());
        return IntStream.range(0, looked.size())
                .mapToObj(
                        i ->
                                new Passage(
                                        looked.get(i).text(),
                                        Vectors.similarity(meaning, meanings.get(i)),
                                        looked.get(i).source()))
                .sorted(Comparator.comparingDouble(Passage::score).reversed())
                .limit(count)
                .toList();
    }

    /** The most central sentences that say different things, in the order of the text. */
    String summarize(String text, int count, @Nullable String focus) {
        List<String> all = Sentences.of(text);
        List<String> sentences = all.subList(0, Math.min(MOST_SENTENCES, all.size()));
        if (sentences.size() <= count) {
            return String.join(" ", sentences);
        }
        List<float[]> meanings = encoder.encode(sentences);
        float[] centre = focus == null ? mean(meanings) : encoder.encode(focus);
        double[] relevance =
                meanings.stream().mapToDouble(m -> Vectors.similarity(centre, m)).toArray();
        return String.join(
                " ",
                Vectors.diverse(meanings, relevance, SUMMARY_LAMBDA, count).stream()
                        .sorted()
                        .map(sentences::get)
                        .toList());
    }

    /** Phrases of the text that are nearest to the whole of it and differ from each other. */
    List<Scored> keyPhrases(String text, int count) {
        List<String> all = Sentences.phrases(text);
        List<String> candidates = all.subList(0, Math.min(MOST_SENTENCES, all.size()));
        if (candidates.isEmpty()) {
            return List.of();
        }
        float[] meaning = encoder.encode(text);
        List<float[]> meanings = encoder.encode(candidates);
        double[] relevance =
                meanings.stream().mapToDouble(m -> Vectors.similarity(meaning, m)).toArray();
        Set<String> seen = new HashSet<>();
        return Vectors.diverse(meanings, relevance, PHRASE_LAMBDA, count).stream()
                .map(i -> new Scored(candidates.get(i), relevance[i]))
                .filter(s -> seen.add(s.text()))
                .toList();
    }

    private static float[] mean(List<float[]> vectors) {
        float[] mean = new float[Encoder.DIMENSIONS];
        for (float[] v : vectors) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += v[i] / vectors.size();
            }
        }
        return mean;
    }
}
