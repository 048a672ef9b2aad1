package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.webhook.Delivery;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One page of webhook deliveries. */
@Schema(description = "Webhook deliveries, newest first.")
record DeliveryPage(
        List<Delivery> items,
        @Schema(description = "Ask for the next page with after=<this>; left out on the last page.")
                @Nullable UUID next) {

    static DeliveryPage of(List<Delivery> deliveries, int limit) {
        return new DeliveryPage(
                deliveries, deliveries.size() < limit ? null : deliveries.getLast().id());
    }
}
