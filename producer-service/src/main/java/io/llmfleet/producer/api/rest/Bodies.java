package io.llmfleet.producer.api.rest;

import io.llmfleet.model.Defaults;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;

/** Reads bodies that may be too large without ever holding more than is accepted. */
final class Bodies {

    private Bodies() {}

    /**
     * @throws BadRequestException 413 if there is more than {@link Defaults#MAX_REQUEST_BYTES}
     */
    static byte[] read(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() > Defaults.MAX_REQUEST_BYTES) {
            throw tooLarge();
        }
        InputStream in = request.getInputStream();
        byte[] body = in.readNBytes(Defaults.MAX_REQUEST_BYTES + 1);
        if (body.length > Defaults.MAX_REQUEST_BYTES) {
            throw tooLarge();
        }
        return body;
    }

    private static BadRequestException tooLarge() {
        return BadRequestException.tooLarge(
                "has more than the accepted " + Defaults.MAX_REQUEST_BYTES + " bytes");
    }
}
