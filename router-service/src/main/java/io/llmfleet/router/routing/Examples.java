package io.llmfleet.router.routing;

import java.util.List;

/** Texts that a rule names as examples, as vectors. */
final class Examples {

    private final List<float[]> vectors;

    Examples(List<String> texts, Encoder encoder) {
        vectors = texts.stream().map(encoder::encode).toList();
    }

    /** Cosine similarity of the nearest example, from -1 to 1. */
    double nearest(float[] vector) {
        return vectors.stream().mapToDouble(v -> similarity(v, vector)).max().orElse(-1);
    }

    private static double similarity(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
