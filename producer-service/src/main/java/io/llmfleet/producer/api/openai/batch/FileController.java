package io.llmfleet.producer.api.openai.batch;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.api.IdempotencyKey;
import io.llmfleet.producer.api.KeyReusedException;
import io.llmfleet.producer.api.openai.ApiRequest;
import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.producer.file.FileFilter;
import io.llmfleet.producer.file.FileProperties;
import io.llmfleet.producer.file.Files;
import io.llmfleet.producer.file.NewFile;
import io.llmfleet.producer.file.StoredFile;
import io.llmfleet.wire.Json;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import tools.jackson.databind.node.ObjectNode;

/** Files: what was uploaded, and the output of batches. */
@RestController
class FileController {

    private static final int MOST = 10_000;

    private final Files files;
    private final FileProperties properties;
    private final DataSize namelessMaxSize;

    /**
     * @param namelessMaxSize of a part that the server takes for a field, and keeps in memory
     */
    FileController(
            Files files,
            FileProperties properties,
            @Value("${server.tomcat.max-http-form-post-size}") DataSize namelessMaxSize) {
        this.files = files;
        this.properties = properties;
        this.namelessMaxSize = namelessMaxSize;
    }

    @PostMapping(path = "/v1/files", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    ObjectNode create(
            @AuthenticationPrincipal Caller caller,
            MultipartHttpServletRequest request,
            HttpServletResponse response)
            throws IOException, ServletException {
        UploadForm.Content content = content(request);
        NewFile file = UploadForm.read(caller.tenant(), request, content);
        Files.Created created =
                files.create(file, content.bytes()::getInputStream, ApiRequest.key(request))
                        .orElseThrow(KeyReusedException::new);
        if (created.replayed()) {
            response.setHeader(IdempotencyKey.REPLAYED, "true");
        }
        return json(created.file());
    }

    /** The first look at the parts: until then nothing of the body was read. */
    private UploadForm.Content content(MultipartHttpServletRequest request)
            throws IOException, ServletException {
        try {
            return UploadForm.content(request)
                    .orElseThrow(
                            () ->
                                    OpenAiException.invalid(
                                            "file",
                                            null,
                                            "file is required: a part with the content"));
        } catch (MaxUploadSizeExceededException e) {
            throw OpenAiException.refused(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "file",
                    "file_too_large",
                    "The file is too large; accepted: up to "
                            + properties.maxSize().toBytes()
                            + " bytes, or up to "
                            + namelessMaxSize.toBytes()
                            + " bytes if its part has no filename.");
        }
    }

    @GetMapping("/v1/files")
    ObjectNode list(@AuthenticationPrincipal Caller caller, HttpServletRequest request) {
        ListQuery query = ListQuery.read(request, WireId.FILE, MOST, MOST);
        FileFilter filter =
                new FileFilter(
                        caller.tenant(),
                        request.getParameter("purpose"),
                        query.after(),
                        query.newestFirst(),
                        query.fetch());
        return query.page(files.list(filter), FileController::json);
    }

    @GetMapping("/v1/files/{id}")
    ObjectNode get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return json(find(caller, id));
    }

    @DeleteMapping("/v1/files/{id}")
    ObjectNode delete(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        StoredFile file = find(caller, id);
        files.delete(caller.tenant(), file.id());
        return Json.MAPPER
                .createObjectNode()
                .put("id", id)
                .put("object", "file")
                .put("deleted", true);
    }

    @GetMapping("/v1/files/{id}/content")
    void content(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            HttpServletResponse response)
            throws IOException {
        StoredFile file = find(caller, id);
        response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment()
                        .filename(file.filename(), StandardCharsets.UTF_8)
                        .build()
                        .toString());
        if (!file.view() && file.bytes() != null) {
            response.setContentLengthLong(file.bytes());
        }
        files.write(file, response.getOutputStream());
    }

    private StoredFile find(Caller caller, String id) {
        return WireId.FILE
                .read(id)
                .flatMap(file -> files.find(caller.tenant(), file))
                .orElseThrow(
                        () ->
                                OpenAiException.notFound(
                                        "id", "file_not_found", "There is no file " + id + "."));
    }

    private static ObjectNode json(StoredFile file) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("id", WireId.FILE.of(file.id())).put("object", "file");
        json.put("bytes", file.bytes() == null ? 0 : file.bytes());
        json.put("created_at", file.createdAt().getEpochSecond());
        json.put("expires_at", file.expiresAt().getEpochSecond());
        json.put("filename", file.filename()).put("purpose", file.purpose());
        return json.put("status", "processed").putNull("status_details");
    }
}
