package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.api.IdempotencyKey;
import io.llmfleet.producer.api.KeyReusedException;
import io.llmfleet.producer.once.OnceRequests;
import io.llmfleet.producer.task.OnceKey;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** Does what a request with an {@code Idempotency-Key} asks for once, and any other each time. */
@Component
class OnceCalls {

    private static final byte[] NO_BODY = {};

    private final OnceRequests requests;
    private final HttpServletRequest request;
    private final HttpServletResponse response;

    /**
     * @param request stands for the request of the calling thread
     * @param response stands for the answer to it
     */
    OnceCalls(OnceRequests requests, HttpServletRequest request, HttpServletResponse response) {
        this.requests = requests;
        this.request = request;
        this.response = response;
    }

    /** For a request that has no body. */
    String run(Caller caller, Supplier<String> action) {
        return run(caller, NO_BODY, action);
    }

    /**
     * @param action returns the id of what it made or changed
     * @return that id, also if an earlier request did it, which a header of the answer then says
     * @throws KeyReusedException if the key came with another request before
     */
    String run(Caller caller, byte[] body, Supplier<String> action) {
        Optional<OnceKey> key = key(body);
        if (key.isEmpty()) {
            return action.get();
        }
        OnceRequests.Done done = requests.run(caller.tenant(), key.get(), action);
        if (!done.fits()) {
            throw new KeyReusedException();
        }
        if (done.replayed()) {
            response.setHeader(IdempotencyKey.REPLAYED, "true");
        }
        return done.resource();
    }

    private Optional<OnceKey> key(byte[] body) {
        try {
            return IdempotencyKey.read(
                    request.getHeader(IdempotencyKey.HEADER),
                    request.getMethod() + " " + request.getRequestURI(),
                    asked(body));
        } catch (IllegalArgumentException e) {
            throw BadRequestException.of(IdempotencyKey.HEADER, String.valueOf(e.getMessage()));
        }
    }

    /** What distinguishes it from another request with the key. */
    private byte[] asked(byte[] body) {
        String query = request.getQueryString();
        if (query == null) {
            return body;
        }
        byte[] parameters = (query + "\n").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(parameters.length + body.length)
                .put(parameters)
                .put(body)
                .array();
    }
}
