package io.llmfleet.worker.builtin;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Turns texts into unit vectors of {@value #DIMENSIONS} dimensions with the MiniLM sentence encoder
 * (all-MiniLM-L6-v2, quantised).
 *
 * <p>Requests that come while the model is at work wait and go into it together.
 */
final class Encoder {

    static final int DIMENSIONS = 384;

    private static final int MAX_BATCH = 64;

    private final AllMiniLmL6V2QuantizedEmbeddingModel model;
    private final BlockingQueue<Request> waiting = new LinkedBlockingQueue<>();

    private record Request(List<String> texts, CompletableFuture<List<float[]>> vectors) {}

    /**
     * @param threads that the model may use at once
     */
    Encoder(int threads) {
        Executor executor =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().name("encoder-", 0).daemon().factory());
        model = new AllMiniLmL6V2QuantizedEmbeddingModel(executor);
        Thread.ofPlatform().name("encoder-batches").daemon().start(this::run);
    }

    /** One vector for each text, in their order. */
    List<float[]> encode(List<String> texts) {
        if (texts.isEmpty()) {
            return List.of();
        }
        Request request = new Request(texts, new CompletableFuture<>());
        waiting.add(request);
        return request.vectors().join();
    }

    float[] encode(String text) {
        return encode(List.of(text)).getFirst();
    }

    private void run() {
        while (true) {
            try {
                List<Request> batch = new ArrayList<>();
                batch.add(waiting.take());
                waiting.drainTo(batch, MAX_BATCH - 1);
                encodeTogether(batch);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void encodeTogether(List<Request> batch) {
        try {
            List<TextSegment> segments =
                    batch.stream().flatMap(r -> r.texts().stream()).map(TextSegment::from).toList();
            List<Embedding> embeddings = model.embedAll(segments).content();
            int from = 0;
            for (Request request : batch) {
                int to = from + request.texts().size();
                request.vectors()
                        .complete(
                                embeddings.subList(from, to).stream()
                                        .map(Embedding::vector)
                                        .toList());
                from = to;
            }
        } catch (RuntimeException e) {
            batch.forEach(r -> r.vectors().completeExceptionally(e));
        }
    }
}
