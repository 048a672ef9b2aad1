package io.llmfleet.producer.api;

import io.llmfleet.model.Defaults;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;

/** Reads bodies that may be too large without ever holding more than is accepted. */
public final class Bodies {

    private Bodies() {}

    /**
     * @throws BodyTooLargeException if there is more than {@link Defaults#MAX_REQUEST_BYTES}
     */
    public static byte[] read(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() > Defaults.MAX_REQUEST_BYTES) {
            throw new BodyTooLargeException();
        }
        InputStream in = request.getInputStream();
        byte[] body = in.readNBytes(Defaults.MAX_REQUEST_BYTES + 1);
        if (body.length > Defaults.MAX_REQUEST_BYTES) {
            throw new BodyTooLargeException();
        }
        return body;
    }
}
