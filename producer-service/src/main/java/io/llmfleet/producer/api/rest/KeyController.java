package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.access.Keys;
import io.llmfleet.producer.access.Limit;
import io.llmfleet.producer.access.NewApiKey;
import io.llmfleet.producer.api.Bodies;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Makes, lists, limits and revokes API keys, for admins. */
@Tag(name = "Keys", description = "API keys; all of it needs an admin's key.")
@RestController
@RequestMapping(path = "/api/v1/keys", produces = MediaType.APPLICATION_JSON_VALUE)
class KeyController {

    private final Keys keys;
    private final OnceCalls once;

    KeyController(Keys keys, OnceCalls once) {
        this.keys = keys;
        this.once = once;
    }

    @Operation(
            summary = "Make a key",
            description =
                    """
                    Its secret is in this one answer; only a hash of it is kept. If the request comes again with its \
                    Idempotency-Key, no other key is made and the answer has no secret: if the first one was lost, \
                    revoke the key and make another.\
                    """,
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = KeyRequest.class))))
    @ApiResponse(
            responseCode = "201",
            description = "The key, with its secret.",
            useReturnTypeSchema = true)
    @Refusals.OfOnce
    @Refusals.OfBodies
    @Refusals.OfAdmins
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<KeyJson> create(
            @AuthenticationPrincipal Caller caller, HttpServletRequest request) throws IOException {
        byte[] body = Bodies.read(request);
        KeyRequest asked = KeyRequest.read(body, caller.tenant());
        AtomicReference<@Nullable NewApiKey> made = new AtomicReference<>();
        String id = once.run(caller, body, () -> make(asked, made));
        NewApiKey key = made.get();
        return ResponseEntity.created(URI.create("/api/v1/keys/" + id))
                .body(key == null ? known(id) : KeyJson.of(key));
    }

    private String make(KeyRequest asked, AtomicReference<@Nullable NewApiKey> made) {
        NewApiKey key = keys.create(asked.name(), asked.tenant(), asked.role(), asked.limits());
        made.set(key);
        return key.key().id().toString();
    }

    private KeyJson known(String id) {
        return KeyJson.of(
                keys.find(UUID.fromString(id))
                        .orElseThrow(() -> BadRequestException.unknown("key", id)));
    }

    @Operation(summary = "List all keys", description = "Revoked ones too; never their secrets.")
    @ApiResponse(responseCode = "200", description = "Oldest first.", useReturnTypeSchema = true)
    @Refusals.OfAdmins
    @GetMapping
    List<KeyJson> list() {
        return keys.list().stream().map(KeyJson::of).toList();
    }

    @Operation(
            summary = "Change a key's limits",
            description = "They hold at once here, and within 5 seconds everywhere.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = KeyChange.class))))
    @ApiResponse(
            responseCode = "200",
            description = "The key as it is now.",
            useReturnTypeSchema = true)
    @Refusals.OfOnce
    @Refusals.OfBodies
    @Refusals.OfOne
    @Refusals.OfAdmins
    @PatchMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    KeyJson change(
            @AuthenticationPrincipal Caller caller,
            @Parameter(description = "The key's id.") @PathVariable String id,
            HttpServletRequest request)
            throws IOException {
        UUID key = PathId.require("key", id);
        byte[] body = Bodies.read(request);
        RequestFields fields = new RequestFields(body, List.of(LimitFields.FIELD));
        Map<Limit, Optional<BigDecimal>> changes = LimitFields.changes(fields);
        fields.requireValid();
        once.run(
                caller,
                body,
                () -> {
                    if (keys.limit(key, changes).isEmpty()) {
                        throw BadRequestException.unknown("key", id);
                    }
                    return id;
                });
        return known(id);
    }

    @Operation(
            summary = "Revoke a key",
            description = "It stops working at once here, and within 5 seconds everywhere.")
    @ApiResponse(responseCode = "204", description = "Revoked, now or before.")
    @Refusals.OfOne
    @Refusals.OfAdmins
    @DeleteMapping("/{id}")
    ResponseEntity<Void> revoke(@Parameter(description = "The key's id.") @PathVariable String id) {
        if (keys.revoke(PathId.require("key", id)).isEmpty()) {
            throw BadRequestException.unknown("key", id);
        }
        return ResponseEntity.noContent().build();
    }
}
