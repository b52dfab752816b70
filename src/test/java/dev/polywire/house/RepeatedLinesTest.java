package dev.polywire.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a protocol writes again that another one has: no more than today, and it is seen. */
class RepeatedLinesTest {

    /** It only goes down. What is left is said in the form of the service interfaces, and in the scripted servers. */
    private static final int MOST = 246;

    private static final String FOUR = "one(mongo);\ntwo();\n\n    // why\nthree(MongoOptions.of());\n}\nfour();\n";

    @Test
    void thereAreNoMoreThanThereWere() {
        Map<String, Integer> repeated = RepeatedLines.count(SourceFile.tracked());
        int sum = repeated.values().stream().mapToInt(Integer::intValue).sum();
        assertTrue(sum <= MOST, () -> sum + " lines (expected: <= " + MOST + ") in " + repeated);
    }

    @Test
    void fourLinesOfTwoProtocolsAreSeen() {
        SourceFile mongodb = main("mongodb/A", FOUR);
        SourceFile bolt =
                main("bolt/B", "zero();\n" + FOUR.replace("mongo", "bolt").replace("Mongo", "Bolt"));
        assertEquals(Map.of(mongodb.path(), 4, bolt.path(), 4), RepeatedLines.count(List.of(mongodb, bolt)));
    }

    @Test
    void threeLinesOrOneProtocolAreNot() {
        SourceFile three = main("bolt/B", "one(bolt);\ntwo();\nthree(BoltOptions.of());\nother();\n");
        assertEquals(Map.of(), RepeatedLines.count(List.of(main("mongodb/A", FOUR), three)));
        assertEquals(Map.of(), RepeatedLines.count(List.of(main("mongodb/A", FOUR), main("mongodb/B", FOUR))));
        assertEquals(Map.of(), RepeatedLines.count(List.of(main("mongodb/A", FOUR), main("core/B", FOUR))));
    }

    private static SourceFile main(String path, String text) {
        return new SourceFile("src/main/java/dev/polywire/" + path + ".java", text);
    }
}
