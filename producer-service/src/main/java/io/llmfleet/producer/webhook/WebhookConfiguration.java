package io.llmfleet.producer.webhook;

import io.llmfleet.producer.metrics.EffectMeters;
import io.llmfleet.producer.metrics.StoreMeters;
import io.llmfleet.producer.metrics.StoreSample;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts the webhooks together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebhookProperties.class)
class WebhookConfiguration {

    @Bean
    JdbcWebhooks webhooks(JdbcTemplate jdbc, TransactionTemplate transactions) {
        return new JdbcWebhooks(jdbc, transactions, new SecretStore(jdbc));
    }

    @Bean
    WebhookClient webhookClient(WebhookProperties properties) {
        return new WebhookClient(
                new CheckedAddresses(SystemDefaultDnsResolver.INSTANCE, properties.allowedHosts()),
                properties);
    }

    @Bean
    WebhookSender webhookSender(
            JdbcWebhooks webhooks,
            WebhookClient client,
            WebhookProperties properties,
            EffectMeters meters) {
        return new WebhookSender(webhooks, client, properties, meters);
    }

    @Bean
    StoreSample webhookSample(JdbcWebhooks webhooks, StoreMeters meters) {
        return () -> webhooks.tell(meters);
    }
}
