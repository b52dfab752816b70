package dev.polywire.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decisions keep their form, and one that does not is reported. */
class DecisionsTest {

    private static final String GOOD = "# It is so\n\n2026-11-29\n\nBecause.\n";

    @Test
    void allAreGood() {
        assertEquals(Set.of(), Decisions.wrong(SourceFile.tracked()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "It is so\n\n2026-11-29\n\nBecause.\n",
                "# It is so\n\nBecause.\n",
                "# It is so\n\n29.11.2026\n\nBecause.\n",
                "# It is so\n\n2026-11-29\n\n"
            })
    void anotherFormIsReported(String text) {
        String path = "docs/decisions/0001-it-is-so.md";
        assertEquals(Set.of(path), Decisions.wrong(List.of(new SourceFile(path, text))));
    }

    @Test
    void numbersAreInARow() {
        assertEquals(Set.of(), Decisions.wrong(List.of(decision("0001-a"), decision("0002-b"))));
        assertEquals(Set.of("no number 2"), Decisions.wrong(List.of(decision("0001-a"), decision("0003-b"))));
        assertEquals(Set.of("number 0001 twice"), Decisions.wrong(List.of(decision("0001-a"), decision("0001-b"))));
        assertEquals(Set.of("docs/decisions/a.md"), Decisions.wrong(List.of(decision("a"))));
    }

    private static SourceFile decision(String name) {
        return new SourceFile("docs/decisions/" + name + ".md", GOOD);
    }
}
