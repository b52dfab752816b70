package dev.polywire.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpPathTest {

    @Test
    void aPathHasParts() {
        assertEquals(List.of("gossip"), HttpPath.parts("/gossip"));
        assertEquals(List.of(""), HttpPath.parts("/"));
        assertEquals(List.of("", "a", ""), HttpPath.parts("//a/"));
        assertEquals(
                List.of("subscriptions", "a/b %c+d", "größe", "replayParked"),
                HttpPath.parts("/subscriptions/a%2Fb%20%25c+d/gr%C3%B6%c3%9Fe/replayParked"));
        // Names, and no way up.
        assertEquals(List.of("..", ".", "../x"), HttpPath.parts("/../%2e/..%2fx"));
    }

    @Test
    void itHasAtMostSixteen() {
        assertEquals(16, HttpPath.parts("/a".repeat(16)).size());
        assertNull(HttpPath.parts("/a".repeat(17)));
        assertNull(HttpPath.parts("/".repeat(100_000)));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "gossip",
                "*",
                "/%",
                "/%4",
                "/%4g",
                "/%g4",
                "/%%41",
                "/a b",
                "/ä",
                "/a\u0000",
                "/%00",
                "/%0a",
                "/%7f",
                "/%c2%85",
                "/%ff",
                "/%c3",
                "/%c0%af",
                "/%ed%a0%80",
                "/%-1",
                "/%+1"
            })
    void whatIsNoTextIsNoPath(String path) {
        assertNull(HttpPath.parts(path));
    }
}
