package io.llmfleet.producer.api.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JoinedTextTests {

    private final JoinedText text = new JoinedText();

    @Test
    void tellsWhatIsNew() {
        assertThat(text.add("Hel")).contains("Hel");
        assertThat(text.add("lo")).contains("lo");
        assertThat(text.end("Hello")).contains("");
    }

    @Test
    void theEndHasWhatWasMissed() {
        text.add("Hel");

        assertThat(text.end("Hello, world")).contains("lo, world");
    }

    @Test
    void anotherAttemptThatBeginsWithTheSameWordsGoesOn() {
        text.add("Hello, wor");
        text.startAnew();

        assertThat(text.add("Hello")).contains("");
        assertThat(text.add(", world")).contains("ld");
        assertThat(text.end("Hello, world!")).contains("!");
    }

    @Test
    void anotherAttemptThatSaysSomethingElseDoesNot() {
        text.add("Hello");
        text.startAnew();

        assertThat(text.add("Help")).isEmpty();
    }

    @Test
    void anEndThatIsNotWhatWasToldIsNone() {
        text.add("Hello");

        assertThat(text.end("Hell")).isEmpty();
        assertThat(text.end("Howdy, world")).isEmpty();
    }
}
