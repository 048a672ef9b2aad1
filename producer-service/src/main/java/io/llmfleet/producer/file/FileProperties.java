package io.llmfleet.producer.file;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Which files are accepted.
 *
 * @param maxSize of one file
 */
@ConfigurationProperties("fleet.file")
public record FileProperties(@DefaultValue("200MB") DataSize maxSize) {

    private static final DataSize MOST = DataSize.ofGigabytes(2);

    public FileProperties {
        if (maxSize.toBytes() < 1 || maxSize.compareTo(MOST) > 0) {
            throw new IllegalArgumentException(
                    "fleet.file.max-size is " + maxSize + ", accepted: 1B to " + MOST);
        }
    }
}
