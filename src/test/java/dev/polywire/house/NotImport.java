package dev.polywire.house;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.function.BiPredicate;

/** Holds when a class depends on nothing forbidden; each event belongs to the class that depends. */
final class NotImport extends ArchCondition<JavaClass> {

    private final BiPredicate<JavaClass, JavaClass> forbidden;
    private final List<Impure> impure;

    /** @param forbidden told the class that depends, then the class depended on */
    NotImport(BiPredicate<JavaClass, JavaClass> forbidden, List<Impure> impure) {
        super("not import what is forbidden here");
        this.forbidden = forbidden;
        this.impure = impure;
    }

    @Override
    public void check(JavaClass from, ConditionEvents events) {
        for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
            JavaClass to = dependency.getTargetClass().getBaseComponentType();
            if (forbidden.test(from, to) || impure.stream().anyMatch(kind -> kind.isUsedAs(to))) {
                events.add(SimpleConditionEvent.violated(from, dependency.getDescription()));
            }
        }
        for (JavaAccess<?> access : from.getAccessesFromSelf()) {
            String member = access.getTarget().getFullName();
            if (impure.stream().anyMatch(kind -> kind.isCalledAs(member))) {
                events.add(SimpleConditionEvent.violated(from, access.getDescription()));
            }
        }
    }
}
