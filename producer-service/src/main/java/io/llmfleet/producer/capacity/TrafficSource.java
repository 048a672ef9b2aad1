package io.llmfleet.producer.capacity;

import java.time.Duration;
import java.util.List;

/** Where traffic is read from. */
interface TrafficSource {

    /** Of each pool all together, and by priority. */
    List<Traffic> read(Duration window);
}
