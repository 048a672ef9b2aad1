package io.llmfleet.producer.api.openai.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.MultipartField;
import com.openai.core.http.HttpResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.UnprocessableEntityException;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileListPage;
import com.openai.models.files.FileListParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import io.llmfleet.producer.ProducerUnderTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Files, by OpenAI's own client. */
class FilesIT {

    private static final int MOST = 2 * 1024 * 1024;

    private static ProducerUnderTest producer;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        producer = ProducerUnderTest.start("--fleet.file.max-size=" + MOST + "B");
        client = client(ProducerUnderTest.ADMIN);
    }

    @AfterAll
    static void stop() {
        client.close();
        producer.close();
    }

    @Test
    void aFileComesBackAsItWasUploadedUntilItIsDeleted() {
        byte[] content = random(700_000);

        FileObject file = upload("in put.jsonl", FilePurpose.BATCH, content);

        assertThat(file.id()).matches("file-[0-9a-f]{32}");
        assertThat(file.bytes()).isEqualTo(content.length);
        assertThat(file.filename()).isEqualTo("in put.jsonl");
        assertThat(file.purpose().asString()).isEqualTo("batch");
        assertThat(file.status().asString()).isEqualTo("processed");
        assertThat(client.files().retrieve(file.id())).isEqualTo(file);
        assertThat(content(client, file.id())).isEqualTo(content);

        assertThat(client.files().delete(file.id()).deleted()).isTrue();
        assertThatThrownBy(() -> client.files().retrieve(file.id()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> client.files().content(file.id()))
                .isInstanceOf(NotFoundException.class);
        assertThat(
                        producer.part(JdbcTemplate.class)
                                .queryForObject(
                                        "select count(*) from file_chunk where file_id = ?",
                                        Integer.class,
                                        uuid(file)))
                .isZero();
    }

    @Test
    void aFileThatItsSenderGivesNoNameIsTakenAsWell() {
        byte[] content = random(300_000);

        FileObject file = nameless(content);

        assertThat(file.filename()).isEqualTo("upload");
        assertThat(content(client, file.id())).isEqualTo(content);
        assertThatThrownBy(() -> nameless(new byte[MOST + 1]))
                .isInstanceOfSatisfying(
                        OpenAIServiceException.class,
                        e -> assertThat(e.statusCode()).isEqualTo(413));
    }

    private static FileObject nameless(byte[] content) {
        return client.files()
                .create(
                        FileCreateParams.builder()
                                .purpose(FilePurpose.BATCH)
                                .file(content)
                                .build());
    }

    @Test
    void aFileOfTheLargestSizeIsTakenAndALargerOneRefused() {
        FileObject file = upload("most", FilePurpose.BATCH, new byte[MOST]);
        assertThat(file.bytes()).isEqualTo(MOST);

        assertThatThrownBy(() -> upload("more", FilePurpose.BATCH, new byte[MOST + 1]))
                .isInstanceOfSatisfying(
                        OpenAIServiceException.class,
                        e -> {
                            assertThat(e.statusCode()).isEqualTo(413);
                            assertThat(e.code()).contains("file_too_large");
                            assertThat(e.param()).contains("file");
                            assertThat(e.getMessage()).contains(Integer.toString(MOST));
                        });
    }

    @Test
    void otherTenantsHaveNoSuchFile() {
        FileObject file = upload("mine", FilePurpose.BATCH, random(10));
        OpenAIClient stranger = client(producer.newKey("stranger-of-files", "user"));

        assertThatThrownBy(() -> stranger.files().retrieve(file.id()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> stranger.files().content(file.id()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> stranger.files().delete(file.id()))
                .isInstanceOf(NotFoundException.class);
        assertThat(stranger.files().list().data()).isEmpty();
        assertThat(content(client, file.id())).hasSize(10);
        stranger.close();
    }

    @Test
    void listsAreCutIntoPagesInEitherOrder() {
        OpenAIClient own = client(producer.newKey("lister", "user"));
        List<String> ids =
                IntStream.range(0, 5)
                        .mapToObj(
                                i ->
                                        own.files()
                                                .create(
                                                        params(
                                                                        "f" + i,
                                                                        i == 4
                                                                                ? FilePurpose.EVALS
                                                                                : FilePurpose.BATCH,
                                                                        random(i))
                                                                .build())
                                                .id())
                        .toList();

        FileListPage first = own.files().list(FileListParams.builder().limit(2).build());
        assertThat(first.data()).extracting(FileObject::id).containsExactly(ids.get(4), ids.get(3));
        assertThat(first.autoPager().stream().map(FileObject::id))
                .containsExactlyElementsOf(ids.reversed());
        assertThat(
                        own.files()
                                .list(
                                        FileListParams.builder()
                                                .order(FileListParams.Order.ASC)
                                                .purpose("batch")
                                                .after(ids.get(1))
                                                .build())
                                .data())
                .extracting(FileObject::id)
                .containsExactly(ids.get(2), ids.get(3));
        assertThatThrownBy(() -> own.files().list(FileListParams.builder().limit(0).build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("limit: accepted: 1 to 10000");
        own.close();
    }

    @Test
    void theSameRequestWithOneKeyIsOneFile() {
        String key = UUID.randomUUID().toString();
        byte[] content = random(300_000);

        List<CompletableFuture<FileObject>> all =
                IntStream.range(0, 8)
                        .mapToObj(
                                i ->
                                        CompletableFuture.supplyAsync(
                                                () -> uploadOnce(key, content),
                                                Executors.newVirtualThreadPerTaskExecutor()))
                        .toList();

        assertThat(all.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        content[7]++;
        assertThatThrownBy(() -> uploadOnce(key, content))
                .isInstanceOf(UnprocessableEntityException.class);
    }

    @Test
    void anExpiredFileIsGone() {
        FileObject file =
                client.files()
                        .create(
                                params("short", FilePurpose.BATCH, random(10))
                                        .expiresAfter(
                                                FileCreateParams.ExpiresAfter.builder()
                                                        .seconds(3600)
                                                        .build())
                                        .build());
        assertThat(file.expiresAt()).contains(file.createdAt() + 3600);
        FileObject unlimited = upload("long", FilePurpose.BATCH, random(10));
        assertThat(unlimited.expiresAt().orElseThrow() - unlimited.createdAt())
                .isEqualTo(Duration.ofDays(7).toSeconds());

        producer.part(JdbcTemplate.class)
                .update("update file set expires_at = now() where id = ?", uuid(file));

        assertThatThrownBy(() -> client.files().retrieve(file.id()))
                .isInstanceOf(NotFoundException.class);
        assertThat(client.files().list().data())
                .extracting(FileObject::id)
                .doesNotContain(file.id());
    }

    @Test
    void whatIsWrongWithAnUploadIsNamed() {
        assertThatThrownBy(() -> upload("x", FilePurpose.of("fun"), random(1)))
                .isInstanceOfSatisfying(
                        BadRequestException.class,
                        e -> {
                            assertThat(e.param()).contains("purpose");
                            assertThat(e.getMessage()).contains("accepted: batch");
                        });
        assertThat(producer.post("/v1/files", "{}").json().at("/error/code").asString())
                .isEqualTo("unsupported_media_type");
        assertThat(
                        producer.request(
                                        ProducerUnderTest.ADMIN,
                                        "POST",
                                        "/v1/files",
                                        "no parts".getBytes(StandardCharsets.UTF_8),
                                        Map.of("Content-Type", "multipart/form-data; boundary=x"))
                                .status())
                .isEqualTo(400);
    }

    private static FileObject upload(String name, FilePurpose purpose, byte[] content) {
        return client.files().create(params(name, purpose, content).build());
    }

    private static FileObject uploadOnce(String key, byte[] content) {
        return client.files()
                .create(
                        params("once", FilePurpose.BATCH, content)
                                .putAdditionalHeader("Idempotency-Key", key)
                                .build());
    }

    private static FileCreateParams.Builder params(
            String name, FilePurpose purpose, byte[] content) {
        return FileCreateParams.builder()
                .purpose(purpose)
                .file(
                        MultipartField.<InputStream>builder()
                                .value(new ByteArrayInputStream(content))
                                .filename(name)
                                .build());
    }

    private static byte[] content(OpenAIClient who, String file) {
        try (HttpResponse response = who.files().content(file)) {
            return response.body().readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static UUID uuid(FileObject file) {
        return WireId.FILE.read(file.id()).orElseThrow();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .apiKey(key)
                .baseUrl(producer.url() + "/v1")
                .maxRetries(0)
                .build();
    }
}
