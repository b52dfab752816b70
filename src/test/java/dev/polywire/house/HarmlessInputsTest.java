package dev.polywire.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A search of the tree finds no harmful input, and would find one. */
class HarmlessInputsTest {

    @Test
    void allAreHarmless() {
        assertEquals(Set.of(), HarmlessInputs.harmful(SourceFile.tracked()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return o" + "s.system, ()",
                "yield b\"co" + "s\\nsystem\\n\"",
                "8004636f" + "730a73797374656d0a2e",
                "80048c05706f7369" + "78948c0673797374656d942e",
                "see CVE" + "-2000-1",
                "see GHSA" + "-xxxx",
                "{\"n\": 1e99" + "9999}",
                "row(\"[\".re" + "peat(1_002))",
                "row(\"{\\\"a\\\":\".re" + "peat(100000))",
                "hex(\"91\".re" + "peat(2_000))"
            })
    void aHarmfulOneIsReported(String line) {
        assertEquals(Set.of("docs/bad.md"), harmful(line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "5b", "91", "1b", "{\"a\":"})
    void aDeepOneIsReported(String opening) {
        assertEquals(Set.of("docs/bad.md"), harmful("text " + opening.repeat(HarmlessInputs.MAX_LEVELS + 1)));
        assertEquals(Set.of(), harmful("text " + opening.repeat(HarmlessInputs.MAX_LEVELS)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"the system's", "1e400", "\"[\".repeat(1_001)", "\"x\".repeat(1_000_000)", "1e0000000700"})
    void aHarmlessOneIsNot(String line) {
        assertEquals(Set.of(), harmful(line));
    }

    private static Set<String> harmful(String line) {
        return HarmlessInputs.harmful(List.of(new SourceFile("docs/bad.md", "before\n" + line + "\nafter")));
    }
}
