"""Create the site tree where it is missing."""

from django.core.management.base import BaseCommand

from cms.site_setup import setup_site


class Command(BaseCommand):
    help = "Crée ce qui manque au site : langues, accueils, listes des métiers, pages de texte, groupes."

    def handle(self, **options: object) -> None:
        done = setup_site()
        for line in done:
            self.stdout.write(line)
        self.stdout.write(f"Site prêt : {len(done)} créations." if done else "Site prêt : rien à créer.")
