package io.llmfleet.broker;

import io.llmfleet.wire.BodyEncoder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How bodies travel between services; all of them read either way, whatever is set.
 *
 * @param compression whether large bodies are compressed at all
 * @param compressAbove the largest body that stays JSON
 */
@ConfigurationProperties("fleet.wire")
record WireProperties(
        @DefaultValue("true") boolean compression, @DefaultValue("1KB") DataSize compressAbove) {

    WireProperties {
        if (compressAbove.isNegative() || compressAbove.toBytes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "fleet.wire.compress-above is " + compressAbove + ", accepted: 0B to 2047MB");
        }
    }

    BodyEncoder encoder() {
        return compression ? new BodyEncoder((int) compressAbove.toBytes()) : BodyEncoder.plain();
    }
}
