package dev.polywire.house;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A simple name says which class is meant, and says it in the words of the field; each rule gives what breaks it. */
final class ClassNames {

    /** Words that only we had, each with the field's in its place. */
    static final Map<String, String> PRIVATE_WORDS = Map.of(
            "AmqpLine", "RecoveringChannel",
            "AmqpLink", "RecoveringConnection",
            "Standing", "SessionState",
            "Gets", "BasicGetChannels",
            "Configured", "TopologySetup",
            "Hearing", "ConsumerListener",
            "Told", "StatusService",
            "Work", "StatementProcessor",
            "Asked", "CurrentRequest");

    /** Nested classes that may have the name of a top-level one. It is the event of a machine, and named with it. */
    private static final Set<String> ALLOWED = Set.of("dev.polywire.mongodb.wire.MongoServerMachine.Request");

    private ClassNames() {}

    /** Simple names that several top-level classes have. */
    static Set<String> twice(Collection<JavaClass> types) {
        Set<String> once = new HashSet<>();
        return types.stream()
                .filter(JavaClass::isTopLevelClass)
                .map(JavaClass::getSimpleName)
                .filter(name -> !name.equals("package-info"))
                .filter(name -> !once.add(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Nested classes that have the simple name of a top-level one. The alternatives of a type, which are nested in it, may:
     * they are its protocol's nouns, and are always read together with it.
     */
    static Set<String> clashing(Collection<JavaClass> types) {
        Set<String> topLevel = types.stream()
                .filter(JavaClass::isTopLevelClass)
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toSet());
        return types.stream()
                .filter(JavaClass::isMemberClass)
                .filter(type -> topLevel.contains(type.getSimpleName()))
                .filter(Predicate.not(ClassNames::isAlternative))
                .map(type -> type.getName().replace('$', '.'))
                .filter(name -> !ALLOWED.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Classes named by a word of ours, with the field's. */
    static Set<String> privateWords(Collection<JavaClass> types) {
        return types.stream()
                .filter(type -> PRIVATE_WORDS.containsKey(type.getSimpleName()))
                .map(type -> type.getName() + " (expected: " + PRIVATE_WORDS.get(type.getSimpleName()) + ")")
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isAlternative(JavaClass type) {
        return type.getEnclosingClass()
                .filter(outer -> type.isAssignableTo(outer.getName()))
                .isPresent();
    }
}
