package io.llmfleet.producer.api;

import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.header.HeaderWriter;

/** Lets callers of a replica that stops go without one of them being cut off. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StopProperties.class)
class StopConfiguration {

    private static final int BETWEEN = 512;
    private static final Duration LAST_BYTES = Duration.ofMillis(200);

    /** When no more work is made, and before the web server takes no more requests. */
    @Bean
    StopPause notice(StopProperties properties) {
        return new StopPause(SmartLifecycle.DEFAULT_PHASE - BETWEEN, properties.notice());
    }

    /** A connection that is kept would be closed while its caller sends the next request. */
    @Bean
    HeaderWriter connectionClose(StopPause notice) {
        return (request, response) -> {
            if (notice.isStopping()) {
                response.setHeader(HttpHeaders.CONNECTION, "close");
            }
        };
    }

    /** The web server counts a request as done before the end of its answer is written. */
    @Bean
    StopPause lastBytes() {
        return new StopPause(
                WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE - BETWEEN, LAST_BYTES);
    }
}
