"""Structured CVs, in the shapes that Europass and JSON Resume give. Who the person is must never come back."""

import json

IDENTITY = (
    "Ada",
    "Lovelace",
    "ada@example.org",
    "0612345678",
    "rue des Lilas",
    "1990",
    "Française",
    "Féminin",
    "iVBORw0KGgo",
)

LEARNER = """
<Identification><PersonName><FirstName>Ada</FirstName><Surname>Lovelace</Surname></PersonName>
<ContactInfo><Address><Contact><AddressLine>3 rue des Lilas</AddressLine></Contact></Address><Email>
<Contact>ada@example.org</Contact>
</Email><TelephoneList><Telephone><Contact>0612345678</Contact></Telephone></TelephoneList></ContactInfo>
<Demographics><Birthdate year="1990" month="--02"/><Gender><Label>Féminin</Label></Gender><NationalityList><Nationality>
<Label>Française</Label></Nationality></NationalityList></Demographics><Photo><Data>iVBORw0KGgo</Data></Photo>
</Identification>
<Headline><Type><Code>position</Code><Label>POSTE</Label></Type><Description><Label>Technicienne de production</Label>
</Description>
</Headline>
<WorkExperienceList><WorkExperience><Period><From year="2016" month="--03"/><To year="2019"/></Period><Position>
<Label>Opératrice</Label></Position>
<Activities>&lt;p&gt;Conduite de &lt;b&gt;bioréacteur&lt;/b&gt;&lt;/p&gt;&lt;ul&gt;&lt;li&gt;Je n’ai
 jamais fait de lyophilisation&lt;/li&gt;&lt;li style="display:none"&gt;secret&lt;/li&gt;&lt;/ul&gt;</Activities><Employer>
<Name>Labo SA</Name>
<ContactInfo><Address><Contact><AddressLine>9 rue des Lilas</AddressLine></Contact></Address></ContactInfo></Employer>
</WorkExperience></WorkExperienceList>
<EducationList><Education><Period><From year="2012"/></Period><Title>BTS Biotechnologies</Title>
<Activities>Microbiologie</Activities>
<Organisation><Name>Lycée Pasteur</Name></Organisation></Education></EducationList>
<Skills><Linguistic><MotherTongueList><MotherTongue><Description><Label>français</Label></Description></MotherTongue>
</MotherTongueList><ForeignLanguageList><ForeignLanguage><Description><Label>anglais</Label></Description><ProficiencyLevel>
<Listening>C1</Listening><Writing>B2</Writing></ProficiencyLevel></ForeignLanguage></ForeignLanguageList></Linguistic>
<JobRelated><Description>&lt;p&gt;BPF&lt;br/&gt;HPLC&lt;/p&gt;</Description></JobRelated><Computer>
<Description>SAP</Description>
</Computer><Driving><Description><Licence>B</Licence></Description></Driving></Skills>
<AchievementList><Achievement><Title><Label>Certifications</Label></Title><Description>CACES R489</Description></Achievement>
</AchievementList>
<ReferenceToList><ReferenceTo><Label>Ada Lovelace</Label></ReferenceTo></ReferenceToList>"""
SKILLS_PASSPORT = (
    '<?xml version="1.0" encoding="UTF-8"?><SkillsPassport xmlns="http://europass.cedefop.europa.eu/Europass" locale="fr">'
    f"<LearnerInfo>{LEARNER}</LearnerInfo></SkillsPassport>"
)
SKILLS_PASSPORT_JSON = json.dumps(
    {
        "SkillsPassport": {
            "Locale": "fr",
            "LearnerInfo": {
                "Identification": {
                    "PersonName": {"FirstName": "Ada", "Surname": "Lovelace"},
                    "ContactInfo": {"Email": {"Contact": "ada@example.org"}},
                    "Demographics": {"Birthdate": {"Year": 1990}, "Gender": {"Label": "Féminin"}},
                },
                "Headline": {"Description": {"Label": "Technicienne de production"}},
                "WorkExperience": [
                    {
                        "Period": {"From": {"Year": 2016, "Month": 3}, "To": {"Year": 2019}},
                        "Position": {"Label": "Opératrice"},
                        "Activities": "<p>Conduite de <b>bioréacteur</b></p>"
                        "<ul><li>Je n’ai jamais fait de lyophilisation</li></ul>",
                        "Employer": {"Name": "Labo SA"},
                    }
                ],
                "Education": [
                    {
                        "Period": {"From": {"Year": 2012}},
                        "Title": "BTS Biotechnologies",
                        "Activities": "Microbiologie",
                        "Organisation": {"Name": "Lycée Pasteur"},
                    }
                ],
                "Skills": {
                    "Linguistic": {
                        "MotherTongue": [{"Description": {"Label": "français"}}],
                        "ForeignLanguage": [
                            {
                                "Description": {"Label": "anglais"},
                                "ProficiencyLevel": {"Listening": "C1", "Writing": "B2"},
                            }
                        ],
                    },
                    "JobRelated": {"Description": "<p>BPF<br/>HPLC</p>"},
                    "Computer": {"Description": "SAP"},
                    "Driving": {"Description": ["B"]},
                },
                "Achievement": [{"Title": {"Label": "Certifications"}, "Description": "CACES R489"}],
            },
        }
    }
)
SKILLS_PASSPORT_TEXT = """Technicienne de production
Opératrice, Labo SA, 2016-03 – 2019
Conduite de bioréacteur
- Je n’ai jamais fait de lyophilisation
BTS Biotechnologies, Lycée Pasteur, 2012
Microbiologie
- français
- anglais, C1/B2
BPF
HPLC
SAP
- Permis de conduire : B
Certifications
CACES R489"""

CANDIDATE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Candidate xmlns="http://www.europass.eu/1.0" xmlns:oa="http://www.openapplications.org/oagis/9"
 xmlns:eures="http://www.europass_eures.eu/1.0" xmlns:hr="http://www.hr-xml.org/3">
<CandidateSupplier><PersonContact><PersonName><oa:GivenName>Ada</oa:GivenName></PersonName></PersonContact>
</CandidateSupplier>
<CandidatePerson><PersonName><oa:GivenName>Ada</oa:GivenName><hr:FamilyName>Lovelace</hr:FamilyName></PersonName>
<Communication><ChannelCode>Email</ChannelCode><oa:URI>ada@example.org</oa:URI></Communication>
<Communication><Address type="home"><oa:AddressLine>3 rue des Lilas</oa:AddressLine></Address></Communication>
<NationalityCode>Française</NationalityCode><hr:BirthDate>1990-02-03</hr:BirthDate><GenderCode>Féminin</GenderCode>
<PrimaryLanguageCode name="NORMAL">fra</PrimaryLanguageCode></CandidatePerson>
<CandidateProfile languageCode="fr"><hr:ID schemeID="x"/>
<hr:ExecutiveSummary>&lt;p&gt;Technicienne&lt;/p&gt;</hr:ExecutiveSummary>
<EmploymentHistory><EmployerHistory><hr:OrganizationName>Labo SA</hr:OrganizationName><OrganizationContact>
<Communication><Address>
<oa:AddressLine>9 rue des Lilas</oa:AddressLine></Address></Communication></OrganizationContact><PositionHistory>
<PositionTitle typeCode="FREETEXT">Opératrice</PositionTitle><eures:EmploymentPeriod><eures:StartDate>
<hr:FormattedDateTime>2016-03
</hr:FormattedDateTime></eures:StartDate><eures:EndDate><hr:FormattedDateTime>2019</hr:FormattedDateTime></eures:EndDate>
<hr:CurrentIndicator>false</hr:CurrentIndicator></eures:EmploymentPeriod>
<oa:Description>&lt;ol&gt;&lt;li&gt;Conduite de bioréacteur
&lt;/li&gt;&lt;/ol&gt;</oa:Description><City>Lyon</City></PositionHistory></EmployerHistory></EmploymentHistory>
<EducationHistory><EducationOrganizationAttendance><hr:OrganizationName>Lycée Pasteur</hr:OrganizationName><EducationDegree>
<hr:DegreeName>BTS Biotechnologies</hr:DegreeName><OccupationalSkillsCovered>Microbiologie</OccupationalSkillsCovered>
</EducationDegree>
</EducationOrganizationAttendance></EducationHistory>
<PersonQualifications><PersonCompetency><CompetencyID schemeName="NORMAL">eng</CompetencyID>
<hr:TaxonomyID>language</hr:TaxonomyID>
<eures:CompetencyDimension><hr:CompetencyDimensionTypeCode>CEF-Understanding-Listening</hr:CompetencyDimensionTypeCode>
<eures:Score>
<hr:ScoreText>C1</hr:ScoreText></eures:Score></eures:CompetencyDimension></PersonCompetency><PersonCompetency>
<hr:TaxonomyID>Digital_Skill</hr:TaxonomyID><hr:CompetencyName>SAP</hr:CompetencyName></PersonCompetency>
</PersonQualifications>
<EmploymentReferences><EmploymentReference><PersonName><oa:GivenName>Ada</oa:GivenName></PersonName></EmploymentReference>
</EmploymentReferences><Skills><ManagementAndLeadershipSkills><ManagementAndLeadershipSkill><Title>Encadrement</Title>
<oa:Description>&lt;p&gt;Équipe de cinq&lt;/p&gt;</oa:Description></ManagementAndLeadershipSkill>
</ManagementAndLeadershipSkills></Skills>
<Certifications><Certification><Title>CACES R489</Title></Certification></Certifications>
<eures:Attachment><oa:EmbeddedData>data:image/png;base64,iVBORw0KGgo</oa:EmbeddedData></eures:Attachment></CandidateProfile>
<RenderingInformation><Design><Template>Template1</Template></Design></RenderingInformation></Candidate>"""
CANDIDATE_TEXT = """Technicienne
Opératrice, Labo SA, 2016-03 – 2019
- Conduite de bioréacteur
BTS Biotechnologies, Lycée Pasteur
Microbiologie
- anglais, C1
- SAP
Encadrement
Équipe de cinq
CACES R489"""

JSON_RESUME = json.dumps(
    {
        "$schema": "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json",
        "basics": {
            "name": "Ada Lovelace",
            "label": "Technicienne de production",
            "image": "iVBORw0KGgo",
            "email": "ada@example.org",
            "phone": "0612345678",
            "summary": "Six ans en bioproduction.",
            "location": {"address": "3 rue des Lilas"},
            "profiles": [{"network": "LinkedIn", "username": "Lovelace"}],
        },
        "work": [
            {
                "name": "Labo SA",
                "position": "Opératrice",
                "url": "https://example.org",
                "startDate": "2016-03",
                "endDate": "2019-01",
                "summary": "Conduite de bioréacteur",
                "highlights": ["Je n’ai jamais fait de lyophilisation"],
            }
        ],
        "volunteer": [{"organization": "Croix-Rouge", "position": "Secouriste"}],
        "education": [
            {
                "institution": "Lycée Pasteur",
                "area": "Biotechnologies",
                "studyType": "BTS",
                "courses": ["Microbiologie"],
            }
        ],
        "skills": [{"name": "Chromatographie", "level": "expert", "keywords": ["HPLC", "FPLC"]}],
        "certificates": [{"name": "CACES R489", "issuer": "AFPA", "date": "2020-01"}],
        "languages": [{"language": "Anglais", "fluency": "C1"}],
        "projects": [{"name": "Ligne 2", "description": "Qualification", "roles": ["Pilote"]}],
        "interests": [{"name": "Voile"}],
        "references": [{"name": "Ada Lovelace", "reference": "Sérieuse"}],
    }
)
JSON_RESUME_TEXT = """Technicienne de production
Six ans en bioproduction.
Opératrice, Labo SA, 2016-03 – 2019-01
Conduite de bioréacteur
- Je n’ai jamais fait de lyophilisation
Secouriste, Croix-Rouge
BTS, Biotechnologies, Lycée Pasteur
- Microbiologie
- Chromatographie, expert : HPLC, FPLC
CACES R489, AFPA, 2020-01
Pilote, Ligne 2
Qualification
- Anglais, C1"""
