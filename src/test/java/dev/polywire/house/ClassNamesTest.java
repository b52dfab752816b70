package dev.polywire.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The main classes have names of their own, and the classes below {@code broken.names} are reported. */
class ClassNamesTest {

    private static final String BROKEN = "dev.polywire.house.broken.names.";
    private static final Set<String> NOTHING = Set.of();

    private static final List<JavaClass> MAIN = written(ImportRulesTest.MAIN);
    private static final List<JavaClass> FIXTURES =
            written(new ClassFileImporter().importPackages(BROKEN + "one", BROKEN + "other"));

    @Test
    void noTwoClassesHaveTheSameName() {
        assertEquals(NOTHING, ClassNames.twice(MAIN));
        assertEquals(Set.of("Pool"), ClassNames.twice(FIXTURES));
    }

    @Test
    void noNestedClassHasTheNameOfAnother() {
        assertEquals(NOTHING, ClassNames.clashing(MAIN));
        assertEquals(Set.of(BROKEN + "other.Told.Pool"), ClassNames.clashing(FIXTURES));
    }

    @Test
    void wordsAreTheFields() {
        assertEquals(NOTHING, ClassNames.privateWords(MAIN));
        assertEquals(Set.of(BROKEN + "other.Told (expected: StatusService)"), ClassNames.privateWords(FIXTURES));
    }

    /** What stands in the place of a word is a class of ours. */
    @Test
    void theFieldsWordsAreThere() {
        List<String> names = MAIN.stream().map(JavaClass::getSimpleName).toList();
        assertTrue(names.containsAll(ClassNames.PRIVATE_WORDS.values()), names::toString);
    }

    private static List<JavaClass> written(Iterable<JavaClass> types) {
        return StreamSupport.stream(types.spliterator(), false)
                .filter(Predicate.not(JavaClass::isAnonymousClass))
                .filter(ImportRules::isWritten)
                .toList();
    }
}
