package io.llmfleet.worker.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Arithmetic on unit vectors. */
final class Vectors {

    private Vectors() {}

    /** Cosine similarity of unit vectors: their dot product, from -1 to 1. */
    static double similarity(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /**
     * Softmax with a temperature: {@code exp(x_i / t) / sum_j exp(x_j / t)}.
     *
     * @return positive numbers whose sum is 1
     */
    static double[] softmax(double[] scores, double temperature) {
        double max = IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).max().orElse(0);
        double[] powers = new double[scores.length];
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            powers[i] = Math.exp((scores[i] - max) / temperature);
            sum += powers[i];
        }
        for (int i = 0; i < powers.length; i++) {
            powers[i] /= sum;
        }
        return powers;
    }

    /**
     * Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): picks, one by one, what
     * maximises {@code lambda * relevance - (1 - lambda) * similarity to what is picked already}.
     *
     * @return indices in the order of picking, at most {@code count}
     */
    static List<Integer> diverse(
            List<float[]> vectors, double[] relevance, double lambda, int count) {
        List<Integer> picked = new ArrayList<>();
        List<Integer> left = new ArrayList<>(IntStream.range(0, vectors.size()).boxed().toList());
        while (picked.size() < count && !left.isEmpty()) {
            Integer best = left.getFirst();
            double bestScore = Double.NEGATIVE_INFINITY;
            for (Integer candidate : left) {
                double nearest =
                        picked.stream()
                                .mapToDouble(
                                        p -> similarity(vectors.get(p), vectors.get(candidate)))
                                .max()
                                .orElse(0);
                double score = lambda * relevance[candidate] - (1 - lambda) * nearest;
                if (score > bestScore) {
                    bestScore = score;
                    best = candidate;
                }
            }
            picked.add(best);
            left.remove(best);
        }
        return picked;
    }
}
