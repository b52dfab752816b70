package dev.polywire.house;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The main classes keep the import rules, and each rule reports the classes below {@code broken} that break it. */
class ImportRulesTest {

    private static final String BASE = "dev.polywire";
    private static final String BROKEN = "dev.polywire.house.broken";

    static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(BASE);
    private static final JavaClasses FIXTURES = new ClassFileImporter().importPackages(BROKEN);

    /**
     * Rules that have no fixture because their library is not on the class path yet, with a class of it. Once it is, the
     * test says so, and a fixture takes the place of the row.
     */
    private static final Map<String, String> NO_LIBRARY_YET = Map.of(
            "scram", "com.ongres.scram.client.ScramClient",
            "vertx-web", "io.vertx.ext.web.Router");

    static Stream<Named<ArchRule>> mainRules() {
        return named(ImportRules.of(BASE));
    }

    static Stream<Named<ArchRule>> fixtureRules() {
        return named(ImportRules.of(BROKEN));
    }

    @ParameterizedTest
    @MethodSource("mainRules")
    void mainClassesKeep(ArchRule rule) {
        rule.check(MAIN);
    }

    @Test
    void mainClassesAreSeen() {
        assertTrue(MAIN.contain("dev.polywire.core.wire.Machine"));
        assertFalse(MAIN.contain(ImportRulesTest.class));
    }

    @ParameterizedTest
    @MethodSource("fixtureRules")
    void reportsItsFixturesAndNothingElse(ArchRule rule) {
        Set<String> breaking = fixturesBreaking(rule.getDescription());
        assertEquals(breaking, reported(rule.evaluate(FIXTURES)));
        assertEquals(breaking.isEmpty(), NO_LIBRARY_YET.containsKey(rule.getDescription()));
    }

    /** So that a fixture may try several ways to break its rule. */
    @ParameterizedTest
    @MethodSource("fixtureRules")
    void reportsEachMethodOfItsFixtures(ArchRule rule) {
        List<String> report = rule.evaluate(FIXTURES).getFailureReport().getDetails();
        assertAll(FIXTURES.stream()
                .filter(fixture -> breaks(fixture).contains(rule.getDescription()))
                .flatMap(fixture -> fixture.getMethods().stream())
                .map(JavaMethod::getFullName)
                .map(method ->
                        () -> assertTrue(report.stream().anyMatch(line -> line.contains("<" + method + ">")), method)));
    }

    @Test
    void everyFixtureNamesRulesThatExist() {
        Set<String> rules = fixtureRules().map(Named::getName).collect(toCollection(TreeSet::new));
        Set<String> broken =
                FIXTURES.stream().flatMap(fixture -> breaks(fixture).stream()).collect(toCollection(TreeSet::new));
        assertTrue(rules.containsAll(broken), () -> rules + " lacks some of " + broken);
    }

    @Test
    void aRuleWithoutFixtureHasNoLibrary() {
        assertAll(NO_LIBRARY_YET.values().stream()
                .map(type -> () -> assertThrows(
                        ClassNotFoundException.class,
                        () -> Class.forName(type),
                        "is on the class path now: write a fixture that imports it")));
    }

    private static Stream<Named<ArchRule>> named(List<ArchRule> rules) {
        return rules.stream().map(rule -> Named.of(rule.getDescription(), rule));
    }

    private static Set<String> fixturesBreaking(String rule) {
        return FIXTURES.stream()
                .filter(fixture -> breaks(fixture).contains(rule))
                .map(JavaClass::getName)
                .collect(toCollection(TreeSet::new));
    }

    private static List<String> breaks(JavaClass fixture) {
        return fixture.tryGetAnnotationOfType(Breaks.class)
                .map(breaks -> Arrays.asList(breaks.value()))
                .orElse(List.of());
    }

    private static Set<String> reported(EvaluationResult result) {
        Set<String> names = new TreeSet<>();
        result.<JavaClass>handleViolations((classes, message) -> classes.forEach(type -> names.add(type.getName())));
        return names;
    }
}
