package io.llmfleet.producer.api;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;

/** Reads bodies that may be too large without ever holding more than is accepted. */
public final class Bodies {

    private Bodies() {}

    /**
     * @throws BodyTooLargeException if there is more than {@link CallerLimits#bodySize}
     */
    public static byte[] read(HttpServletRequest request) throws IOException {
        int accepted = CallerLimits.bodySize(request);
        if (request.getContentLengthLong() > accepted) {
            throw BodyTooLargeException.of(request.getContentLengthLong(), accepted);
        }
        InputStream in = request.getInputStream();
        byte[] body = in.readNBytes(accepted + 1);
        if (body.length > accepted) {
            throw BodyTooLargeException.moreThan(accepted);
        }
        return body;
    }
}
