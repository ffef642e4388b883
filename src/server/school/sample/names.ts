/*
 * Names as they are on real class lists: many languages and scripts, from right to left too, family names of
 * two words, several children with the same first name. Invented people; each is a given and a family name
 * of one language, in the order and form in which that language writes them.
 */

export interface SampleName {
  readonly name: string;
  /** Family name first, as Canvas's `sortable_name`. */
  readonly sortableName: string;
  readonly shortName: string;
}

/** `family-first`: written without a space in Chinese, Japanese and Korean, and with one in Hungarian and Vietnamese. */
type Order = 'given-first' | 'family-first' | 'family-first-joined';

interface NameList {
  readonly order?: Order;
  readonly given: string;
  readonly family: string;
}

const lists: readonly NameList[] = [
  {
    given: 'Amara,Chidi,Ngozi,Tobenna,Adaeze,Ifeanyi,Zainab,Kelechi,Uche,Somto,Halima,Ebuka',
    family: 'Okafor,Eze,Nwosu,Adeyemi-Johnson,Balogun,Obi,Musa,Chukwu,Okonkwo,Bello,Umeh,Danjuma',
  },
  {
    given: 'María José,Sofía,Mateo,Valentina,Íñigo,Lucía,Joaquín,Martina,Andrés,Ximena,Nicolás,Begoña',
    family:
      'García López,de la Cruz Ríos,Fernández Muñoz,Ibáñez Soto,Peña Gil,Núñez del Prado,Ortiz Vega,Suárez Leal,Reyes Mora,Quiroga Paz,Torres Blanco,Zúñiga Rey',
  },
  {
    given: 'Chloé,Hugo,Léa,Noé,Anaïs,Maël,Zoé,Loïc,Inès,Gaël,Éloïse,Théo',
    family:
      'Dubois,Lefèvre,Garnier,d’Aubigné,Marchand,Le Goff,Béranger,Fontaine,Roussel,Châtelain,Picard,Moreau',
  },
  {
    given: 'يوسف,ليلى,عمر,مريم,خالد,نور,حسن,سلمى,طارق,هدى,سامي,ريم',
    family: 'الهاشمي,بن عيسى,المصري,حداد,العلي,منصور,الشامي,عبد الله,الخطيب,درويش,النجار,قاسم',
  },
  {
    given: 'Elif,Emre,Yağmur,Çağan,Şule,Ömer,İrem,Ilgın,Gökçe,Umut,Derya,Barış',
    family: 'Yıldız,Öztürk,Şahin,Çelik,Güneş,Işık,Kılıç,Doğan,Ünal,Aydın,Koç,Erdoğdu',
  },
  {
    order: 'family-first-joined',
    given: '芳,子涵,浩然,欣怡,伟,梓萱,宇航,诗雨,明轩,雨桐,俊杰,思远',
    family: '王,李,欧阳,张,刘,陈,杨,赵,司马,周,吴,徐',
  },
  {
    given: 'Priya,Arjun,Ananya,Rohan,Kavya,Dev,Meera,Ishaan,Lakshmi,Nikhil,Diya,Vikram',
    family:
      'Raman,Iyer,Krishnamurthy,Patel,Banerjee,Reddy,Nair,Deshpande,Subramaniam,Chatterjee,Menon,Kulkarni',
  },
  {
    given: 'Дмитрий,София,Артём,Анастасия,Семён,Алёна,Кирилл,Юлия,Фёдор,Ксения,Тимур,Елизавета',
    family: 'Петров,Смирнова,Соловьёв,Кузнецова,Щербаков,Зайцева,Жуков,Орлова,Юдин,Егорова,Галиев,Чехова',
  },
  {
    given: 'Aoife,Seán,Niamh,Cillian,Róisín,Oisín,Saoirse,Eoin,Caoimhe,Fionn,Siobhán,Tadhg',
    family:
      'O’Neill,Mac Giolla Rí,Ní Bhriain,O’Connor,Byrne,de Búrca,Walsh,O’Sullivan,Doyle,Kinsella,Quinn,Ó Sé',
  },
  {
    order: 'family-first',
    given:
      'Minh Anh,Thị Hương,Quốc Bảo,Thùy Linh,Đức Huy,Ngọc Trâm,Gia Hân,Tuấn Kiệt,Bảo Châu,Hải Đăng,Khánh Vy,Nhật Nam',
    family: 'Nguyễn,Trần,Lê,Phạm,Đặng,Vũ,Hoàng,Bùi,Đỗ,Hồ,Ngô,Dương',
  },
  {
    given: 'Noa,Yosef,Tamar,Eitan,Shira,Ariel,Maya,Daniel,Yael,Omri,Adi,Itai',
    family: 'Levi,Cohen,Ben-David,Mizrahi,Bar-On,Peretz,Shapiro,Katz,Azulay,Friedman,Dayan,Harel',
  },
  {
    given:
      'Jakub,Zofia,Łukasz,Świetłana,Michał,Żaneta,Wojciech,Agnieszka,Stanisław,Małgorzata,Krzysztof,Hanna',
    family: 'Nowak,Wiśniewska,Wójcik,Łęcka,Dąbrowski,Żółkiewska,Kamiński,Śliwa,Źrebiec,Ćwiklińska,Mazur,Król',
  },
  {
    order: 'family-first-joined',
    given: '陽斗,さくら,蓮,美月,悠真,葵,大翔,結衣,湊,陽菜,颯太,莉子',
    family: '佐藤,鈴木,高橋,田中,伊藤,渡辺,山本,中村,小林,加藤,長谷川,吉田',
  },
  {
    given: 'Kwame,Abena,Yaw,Akosua,Kofi,Efua,Kojo,Ama,Kwabena,Adwoa,Fiifi,Esi',
    family: 'Mensah,Owusu-Ansah,Boateng,Asante,Appiah,Nkrumah,Osei,Agyeman,Quaye,Darko,Addo,Tetteh',
  },
  {
    given: 'Ben,Grace,Oliver,Isla,Jack,Sofia,Harry,Emily,Noah,Ruby,Thomas,Charlotte',
    family:
      'Smith,Campbell,Fraser,van Houten,Hughes,Taylor-Brooks,Marsh,Fletcher,Abbott,Whitaker,St John,Kay',
  },
  {
    given: 'Νίκος,Ελένη,Γιώργος,Αθηνά,Στέλιος,Δήμητρα,Άγγελος,Ζωή,Πέτρος,Ιωάννα,Θανάσης,Χλόη',
    family:
      'Παπαδόπουλος,Γεωργίου,Νικολάου,Δημητρίου,Ιωάννου,Βλάχου,Αντωνίου,Χατζή,Μακρής,Αλεξίου,Ράλλης,Ζέρβα',
  },
  {
    given: 'Inês,João Pedro,Beatriz,Tomás,Luísa,Caio,Ana Clara,Thiago,Mafalda,Sofia,Davi,Conceição',
    family:
      'Carvalho,dos Santos Lima,da Silva,Gonçalves,Araújo,Magalhães,Sampaio,Brandão,Falcão,Pacheco,Rebelo,Assunção',
  },
  {
    given: 'שירה,נועם,אורי,תמר,איתן,מאיה,יונתן,רוני,עומר,אביגיל,דניאל,הילה',
    family: 'לוי,כהן,בן דוד,מזרחי,פרץ,אברהמי,ביטון,דהן,אזולאי,שפירא,גבאי,רוזן',
  },
  {
    order: 'family-first-joined',
    given: '서연,민준,지우,하은,도윤,수아,예준,지민,시우,유나,준서,다은',
    family: '김,이,박,최,정,강,조,윤,장,남궁,한,오',
  },
  {
    given: 'Magnus,Freya,Bjørn,Åsa,Øystein,Sigríður,Søren,Linnéa,Viggo,Ylva,Elias,Þóra',
    family:
      'Lindqvist,Jónsdóttir,Ødegård,Åkesson,Sørensen,Bergström,Guðmundsson,Næss,Holm,Kjærgaard,Nyström,Dahl',
  },
  {
    given: 'ณัฐวุฒิ,พิมพ์ชนก,ธนกร,กัญญารัตน์,ภูมิ,ชนิดา,อภิชาติ,มณีรัตน์,วรเมธ,สุดารัตน์,กิตติ,ปาริชาต',
    family: 'ศรีสุข,วงศ์ไทย,จันทร์เพ็ญ,แสงทอง,บุญมี,ทองดี,รุ่งเรือง,พงษ์พันธ์,สายชล,ใจดี,มั่นคง,เจริญผล',
  },
  {
    given: 'Quinn,Hōkū,Leilani,Kaleo,Ariana,Tāne,Mere,Wiremu,Aroha,Manaia,Sione,Losa',
    family: 'Kealoha,Kahananui,Te Whare,Ngata,Paʻakaula,Tūhoe,Latu,Faleolo,Hēnare,Tamatoa,Vea,Parata',
  },
  {
    given: 'आरव,सानवी,रिया,कबीर,नेहा,यश,पूजा,मोहित,तन्वी,अमन,खुशी,राहुल',
    family: 'शर्मा,गुप्ता,सिंह,वर्मा,मिश्रा,यादव,जोशी,त्रिपाठी,चौहान,पांडे,अग्रवाल,सक्सेना',
  },
  {
    given: 'Giulia,Matteo,Sofia,Niccolò,Chiara,Gabriele,Beatrice,Lorenzo,Alice,Davide,Noemi,Pietro',
    family: 'Bianchi,De Luca,Esposito,Dell’Acqua,Conti,La Rosa,Ferri,Lo Presti,Galli,Di Marco,Serra,Vitale',
  },
];

/** Each list by itself has this many children: more than the whole sample school needs. */
const PER_LIST = 12;

/**
 * The n-th child of the school, always the same. Languages take turns, and from one turn to the next the
 * pairing shifts by an odd step, so that names do not march in step, but girls' and boys' names, which
 * alternate in each list, keep to the family names that go with them (Петров, Смирнова).
 */
export function sampleName(n: number): SampleName {
  const list = lists[n % lists.length];
  if (list === undefined) throw new RangeError('there are no names');
  const turn = Math.floor(n / lists.length) % PER_LIST;
  const given = list.given.split(',')[turn] ?? '';
  const family = list.family.split(',')[(turn * 5 + n * 2) % PER_LIST] ?? '';
  return compose(given, family, list.order ?? 'given-first');
}

function compose(given: string, family: string, order: Order): SampleName {
  const name = {
    'given-first': `${given} ${family}`,
    'family-first': `${family} ${given}`,
    'family-first-joined': `${family}${given}`,
  }[order];
  return {
    name,
    sortableName: `${family}, ${given}`,
    shortName: order === 'given-first' ? `${given} ${family}` : name,
  };
}
