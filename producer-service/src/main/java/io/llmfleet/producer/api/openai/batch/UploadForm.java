package io.llmfleet.producer.api.openai.batch;

import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.producer.file.NewFile;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamSource;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/** Checks what an upload says of its file. */
final class UploadForm {

    private static final List<String> PURPOSES =
            List.of("batch", "assistants", "fine-tune", "vision", "user_data", "evals");
    private static final int LONGEST_NAME = 512;
    private static final long SHORTEST_LIFE = 3_600;
    private static final long LONGEST_LIFE = 2_592_000;

    /**
     * The content of an upload.
     *
     * @param name as its sender calls it; null if it does not
     */
    record Content(@Nullable String name, InputStreamSource bytes) {}

    private UploadForm() {}

    /** The part with the content; a sender that gives no name sends it like any other field. */
    static Optional<Content> content(MultipartHttpServletRequest request)
            throws IOException, ServletException {
        MultipartFile file = request.getFile("file");
        if (file != null) {
            return Optional.of(new Content(file.getOriginalFilename(), file));
        }
        return Optional.ofNullable(request.getPart("file"))
                .map(part -> new Content(null, part::getInputStream));
    }

    /**
     * @throws OpenAiException naming the field that is wrong
     */
    static NewFile read(String tenant, HttpServletRequest request, Content content) {
        String purpose = request.getParameter("purpose");
        if (purpose == null || !PURPOSES.contains(purpose)) {
            throw OpenAiException.invalid(
                    "purpose", null, "purpose: accepted: " + String.join(", ", PURPOSES));
        }
        return new NewFile(tenant, purpose, name(content), life(request));
    }

    private static String name(Content content) {
        String name = content.name();
        if (name == null || name.isEmpty()) {
            return "upload";
        }
        if (name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw OpenAiException.invalid(
                    "file",
                    null,
                    "file: accepted: a name of up to "
                            + LONGEST_NAME
                            + " characters without control characters");
        }
        return name;
    }

    private static @Nullable Duration life(HttpServletRequest request) {
        String anchor = request.getParameter("expires_after[anchor]");
        String seconds = request.getParameter("expires_after[seconds]");
        if (anchor == null && seconds == null) {
            return null;
        }
        long life = seconds != null && seconds.matches("\\d{1,9}") ? Long.parseLong(seconds) : 0;
        if (!"created_at".equals(anchor) || life < SHORTEST_LIFE || life > LONGEST_LIFE) {
            throw OpenAiException.invalid(
                    "expires_after",
                    null,
                    "expires_after: accepted: anchor created_at, and seconds from "
                            + SHORTEST_LIFE
                            + " to "
                            + LONGEST_LIFE);
        }
        return Duration.ofSeconds(life);
    }
}
