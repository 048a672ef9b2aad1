package io.llmfleet.router.encoder;

import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import io.llmfleet.router.routing.Encoder;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MiniLM sentence encoder (all-MiniLM-L6-v2, quantised), as the built-in engine uses it; it
 * takes some 100 MB and about 2 ms a text.
 */
public final class MiniLmEncoder implements Encoder {

    private static final Logger log = LoggerFactory.getLogger(MiniLmEncoder.class);

    private final AllMiniLmL6V2QuantizedEmbeddingModel model =
            new AllMiniLmL6V2QuantizedEmbeddingModel(
                    Executors.newSingleThreadExecutor(
                            Thread.ofPlatform().name("encoder").daemon().factory()));

    @Override
    public float @Nullable [] encode(String text) {
        try {
            return model.embed(text).content().vector();
        } catch (RuntimeException e) {
            log.warn(
                    "a text cannot be encoded, rules with examples pass it over: {}", e.toString());
            return null;
        }
    }
}
