package io.llmfleet.producer.store;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How requests share the database.
 *
 * @param maxWaiting how many may wait for a connection; while as many do, new requests are refused
 */
@Validated
@ConfigurationProperties("fleet.store")
record StoreProperties(@Min(1) @DefaultValue("200") int maxWaiting) {}
