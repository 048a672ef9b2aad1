package io.llmfleet.producer.webhook;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Posts webhooks: one request for each try, no redirects, cookies or retries of its own, and never
 * to an address that was not checked.
 */
final class WebhookClient implements AutoCloseable {

    private static final int CONNECTIONS = 200;

    private final CloseableHttpClient http;
    private final Executor atLast;

    /**
     * What came of a try.
     *
     * @param status null if there was no answer
     * @param error why there was none
     * @param forbidden whether nothing was sent, because the address is none for webhooks
     */
    record Answer(
            @Nullable Integer status,
            @Nullable Duration retryAfter,
            @Nullable String error,
            boolean forbidden) {}

    WebhookClient(CheckedAddresses addresses, WebhookProperties properties) {
        Timeout timeout = Timeout.of(properties.timeout().toMillis(), TimeUnit.MILLISECONDS);
        this.atLast =
                CompletableFuture.delayedExecutor(
                        2 * properties.timeout().toMillis(), TimeUnit.MILLISECONDS);
        this.http =
                HttpClients.custom()
                        .setConnectionManager(
                                PoolingHttpClientConnectionManagerBuilder.create()
                                        .setDnsResolver(addresses)
                                        .setMaxConnTotal(CONNECTIONS)
                                        .setMaxConnPerRoute(properties.perEndpoint())
                                        .setDefaultConnectionConfig(
                                                ConnectionConfig.custom()
                                                        .setConnectTimeout(timeout)
                                                        .setSocketTimeout(timeout)
                                                        .build())
                                        .build())
                        .setDefaultRequestConfig(
                                RequestConfig.custom()
                                        .setConnectionRequestTimeout(timeout)
                                        .setResponseTimeout(timeout)
                                        .build())
                        .setUserAgent("LLM-Fleet-Webhooks")
                        .disableRedirectHandling()
                        .disableAutomaticRetries()
                        .disableCookieManagement()
                        .disableAuthCaching()
                        .disableContentCompression()
                        .build();
    }

    Answer post(String url, String id, long timestamp, String signature, String body) {
        HttpPost request = new HttpPost(url);
        request.setHeader("webhook-id", id);
        request.setHeader("webhook-timestamp", Long.toString(timestamp));
        request.setHeader("webhook-signature", signature);
        request.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON));
        // A receiver that dribbles its answer would otherwise hold a try for as long as it likes.
        var _ = CompletableFuture.runAsync(request::cancel, atLast);
        try (ClassicHttpResponse response =
                http.executeOpen(RoutingSupport.determineHost(request), request, null)) {
            Header wait = response.getFirstHeader("Retry-After");
            return new Answer(
                    response.getCode(), wait == null ? null : wait(wait.getValue()), null, false);
        } catch (CheckedAddresses.ForbiddenAddressException e) {
            return new Answer(null, null, e.getMessage(), true);
        } catch (IOException | HttpException e) {
            return new Answer(null, null, e.getClass().getSimpleName(), false);
        }
    }

    private static @Nullable Duration wait(String value) {
        try {
            return value.matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(value))
                    : Duration.between(
                            Instant.now(),
                            ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
