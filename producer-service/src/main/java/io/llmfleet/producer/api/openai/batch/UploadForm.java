package io.llmfleet.producer.api.openai.batch;

import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.producer.file.NewFile;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.multipart.MultipartFile;

/** Checks what an upload says of its file. */
final class UploadForm {

    private static final List<String> PURPOSES =
            List.of("batch", "assistants", "fine-tune", "vision", "user_data", "evals");
    private static final int LONGEST_NAME = 512;
    private static final long SHORTEST_LIFE = 3_600;
    private static final long LONGEST_LIFE = 2_592_000;

    private UploadForm() {}

    /**
     * @throws OpenAiException naming the field that is wrong
     */
    static NewFile read(String tenant, HttpServletRequest request, MultipartFile content) {
        String purpose = request.getParameter("purpose");
        if (purpose == null || !PURPOSES.contains(purpose)) {
            throw OpenAiException.invalid(
                    "purpose", null, "purpose: accepted: " + String.join(", ", PURPOSES));
        }
        return new NewFile(tenant, purpose, name(content), life(request));
    }

    private static String name(MultipartFile content) {
        String name = content.getOriginalFilename();
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
